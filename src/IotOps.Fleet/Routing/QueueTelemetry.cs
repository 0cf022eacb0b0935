using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IotOps.Fleet.Routing;

/// <summary>What the readers of queues count and trace, as the meter and the activity source <c>IotOps.Fleet</c>.</summary>
internal static class QueueTelemetry
{
    private const string Name = "IotOps.Fleet";
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Messages =
        Meter.CreateCounter<long>("iotops.fleet.messages", "{message}", "Messages of queues; tag handled: true, or false for one that comes again or ends as a dead letter.");

    private static readonly Counter<long> Receives =
        Meter.CreateCounter<long>("iotops.fleet.receives", "{request}", "Times that a queue was asked; tag error.type of one that failed.");

    /// <summary>Traces messages.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>A message was handled, or was not.</summary>
    public static void Message(bool isHandled) => Messages.Add(1, new KeyValuePair<string, object?>("handled", isHandled));

    /// <summary>A queue was asked.</summary>
    /// <param name="error">Why it did not answer; null when it did.</param>
    public static void Received(string? error)
    {
        if (error is null)
        {
            Receives.Add(1);
        }
        else
        {
            Receives.Add(1, new KeyValuePair<string, object?>("error.type", error));
        }
    }
}
