using IotOps.Defender;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Defender;

/// <summary>What the configuration means for Device Defender.</summary>
internal static class AgentDefender
{
    /// <summary>Begins to report; null when the configuration does not want it.</summary>
    public static DefenderPublisher? Start(AgentConfig config, IMqttConnection? connection, ILoggerFactory loggers)
    {
        if (config.Defender is not { } defender || connection is null)
        {
            return null;
        }

        string state = Path.Combine(config.StateDirectory, "defender");
        var defaults = new DefenderPublisherOptions { Connection = connection, ThingName = config.Thing! };
        var publisher = new DefenderPublisher(defaults with
        {
            Collector = AgentCollector.Of(defender, Path.Combine(state, "baseline"), loggers),
            Evaluator = Rules(config, defender, Path.Combine(state, "alarms.json"), loggers),
            AlarmTopic = defender.AlarmTopic,
            Topic = defender.Topic,
            Format = defender.Format,
            Names = defender.Names,
            Interval = defender.Interval,
            AllowShortInterval = defender.AllowShortInterval,
            Jitter = defender.AllowShortInterval ? TimeSpan.Zero : defaults.Jitter,
            StateDirectory = state,
            LoggerFactory = loggers,
        });
        publisher.Start();
        return publisher;
    }

    private static SecurityProfileEvaluator? Rules(AgentConfig config, DefenderConfig defender, string stateFile, ILoggerFactory loggers) =>
        defender.Rules is not { } profile
            ? null
            : new SecurityProfileEvaluator(new SecurityProfileEvaluatorOptions
            {
                ThingName = config.Thing!,
                Profile = profile,
                StateFile = stateFile,
                LoggerFactory = loggers,
            });
}
