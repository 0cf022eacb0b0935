using IotOps.Defender.Rules;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>What happens to a report on the device itself: the host sees it, rules judge it, alarms go out.</summary>
internal sealed class ReportObserver(DefenderPublisherOptions options, PublisherMetrics metrics, HostCallbacks callbacks, ILogger logger)
{
    private readonly AlarmSender? _alarms = options.AlarmTopic is { } topic ? new AlarmSender(options, topic, metrics, logger) : null;

    public bool IsNeeded => options.OnReport is not null || options.Evaluator is not null;

    /// <summary>Takes the whole of what was measured, also what the encoded report has no room for.</summary>
    public void Observe(DefenderReport report)
    {
        if (options.OnReport is { } onReport)
        {
            callbacks.Call(nameof(options.OnReport), () => onReport(report));
        }

        foreach (ViolationEvent violation in options.Evaluator?.Evaluate(report) ?? [])
        {
            Log.Violation(logger, BehaviorGrammar.Text(violation.Type), violation.Behavior.Name, violation.ViolationId);
            metrics.Violation();
            _alarms?.Add(violation);
            if (options.OnViolation is { } onViolation)
            {
                callbacks.Call(nameof(options.OnViolation), () => onViolation(violation));
            }
        }
    }

    /// <summary>Publishes alarms until told to stop.</summary>
    public Task RunAsync(CancellationToken stop) => _alarms?.RunAsync(stop) ?? Task.CompletedTask;
}
