using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using IotOps.Shared;

namespace IotOps.SlackExport.Serving;

/// <summary>How commands were answered, as the meter and the activity source <c>IotOps.SlackExport</c>.</summary>
internal static class CommandTelemetry
{
    private const string Name = "IotOps.SlackExport";
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Commands =
        Meter.CreateHistogram<double>("iotops.slackexport.command.duration", "s", "Commands until they were answered; tag status: the HTTP status.");

    private static readonly Counter<long> LateCommands =
        Meter.CreateCounter<long>("iotops.slackexport.commands.late", "{command}", "Commands that were acknowledged, and whose outcome was posted later.");

    private static readonly Counter<long> BusyCommands =
        Meter.CreateCounter<long>("iotops.slackexport.commands.turned_away", "{command}", "Commands that were turned away because too many were under way.");

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A command is acknowledged, and goes on.</summary>
    public static void Late() => LateCommands.Add(1);

    /// <summary>A command is turned away.</summary>
    public static void Busy() => BusyCommands.Add(1);

    /// <summary>Answers a command, counted and traced.</summary>
    public static async Task<SlackReply> AnswerAsync(TimeProvider time, Func<Task<SlackReply>> answer)
    {
        using Activity? span = Source.StartActivity("slackexport command", ActivityKind.Server);
        long began = time.GetTimestamp();
        SlackReply reply = await answer().ConfigureAwait(false);
        Commands.Record(time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("status", reply.Status));
        span?.SetTag("http.response.status_code", reply.Status);
        if (reply.Status >= 400)
        {
            span.Fail(reply.Status.ToString(CultureInfo.InvariantCulture), "The command was refused.");
        }

        return reply;
    }
}
