using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Detect;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>
/// Makes alarms of messages and waits until every sink has them: of Detect's notifications, of the findings of an audit that has ended, of lifecycle
/// events that are unusual, of rules whose action failed, and of whatever else is routed here.
/// </summary>
internal sealed class AlarmHandler(AlarmDispatcher alarms, AuditFindings findings) : IMessageHandler
{
    private const int SummaryChars = 300;

    // The monitor finds an event unusual once: until its alarms are delivered they are kept here.
    private const int MaxUndelivered = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, IReadOnlyList<FleetAlarm>> _undelivered = new(StringComparer.Ordinal);
    private readonly ConnectionTracker _tracker = new();
    private readonly ConnectivityMonitor _monitor = new();

    public async Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        List<Task<bool>> deliveries = [];
        foreach (FleetAlarm alarm in await OfAsync(message, cancellationToken))
        {
            deliveries.Add(alarms.DeliverAsync(alarm, cancellationToken));
        }

        if ((await Task.WhenAll(deliveries)).Contains(false))
        {
            throw new InvalidOperationException("Too many alarms wait for a sink; this one is tried again.");
        }

        if (message.Key is { } key)
        {
            lock (_lock) { _undelivered.Remove(key); }
        }
    }

    private async Task<IReadOnlyList<FleetAlarm>> OfAsync(RoutedMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        RoutedMessageKind.Detect => [.. DefenderNotification.ReadAll(message.Json).OfType<DetectNotification>().Select(detected => FleetAlarm.Of(detected) with { Event = message.Json })],
        RoutedMessageKind.Audit => await AuditAsync(message, cancellationToken),
        RoutedMessageKind.Lifecycle => Connectivity(message),
        RoutedMessageKind.RuleError => [Of(message, $"rule {Text(message, "ruleName") ?? "unknown"}", "an action of a rule failed")],
        _ => [Of(message, Text(message, "detail-type") ?? Text(message, "topic") ?? "message", Encoding.UTF8.GetString(message.Json.Span))],
    };

    private async Task<IReadOnlyList<FleetAlarm>> AuditAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        List<FleetAlarm> found = [];
        foreach (AuditNotification audit in DefenderNotification.ReadAll(message.Json).OfType<AuditNotification>())
        {
            if (audit.Status is "FAILED" or "CANCELED")
            {
                found.Add(Of(message, "audit", $"audit {audit.TaskId} has ended as {audit.Status}"));
            }
            else if (audit.Status == "COMPLETED" && audit.NonCompliant.Any())
            {
                await foreach (AuditFinding finding in findings.OfTaskAsync(audit.TaskId, cancellationToken))
                {
                    if (!finding.IsSuppressed)
                    {
                        found.Add(FleetAlarm.Of(finding));
                    }
                }
            }
        }

        return found;
    }

    private IReadOnlyList<FleetAlarm> Connectivity(RoutedMessage message)
    {
        LifecycleEvent lifecycle = LifecycleEvent.Parse(message.Json.Span);
        lock (_lock)
        {
            if (message.Key is { } known && _undelivered.TryGetValue(known, out IReadOnlyList<FleetAlarm>? waiting))
            {
                return waiting;
            }

            if (_tracker.Apply(lifecycle) is not (ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated))
            {
                return [];
            }

            FleetAlarm[] found = [.. _monitor.Add(lifecycle).Select(FleetAlarm.Of)];
            if (found.Length > 0 && message.Key is { } key && _undelivered.Count < MaxUndelivered)
            {
                _undelivered[key] = found;
            }

            return found;
        }
    }

    private static FleetAlarm Of(RoutedMessage message, string rule, string summary)
    {
        string id = Convert.ToHexStringLower(SHA256.HashData(message.Key is { } key ? Encoding.UTF8.GetBytes(key) : message.Json.Span).AsSpan(0, 16));
        return new FleetAlarm(
            $"message/{id}",
            FleetAlarmKind.Errors,
            rule,
            Text(message, "clientId"),
            TimeProvider.System.GetUtcNow(),
            summary.Length > SummaryChars ? summary[..SummaryChars] : summary)
        {
            Event = message.Json,
        };
    }

    private static string? Text(RoutedMessage message, string name)
    {
        using JsonDocument document = JsonDocument.Parse(message.Json);
        return document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
