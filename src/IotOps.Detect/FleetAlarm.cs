using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotOps.Detect.Alarms;
using IotOps.Fleet;

namespace IotOps.Detect;

/// <summary>One alarm about a fleet, whichever part found it.</summary>
/// <param name="Id">The same whenever the same thing is found again: a receiver that has it may drop the second one.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Rule">What was broken: <c>profile/behavior</c>, the kind of a connectivity alarm, <c>errors</c>, or the check of an audit.</param>
/// <param name="Device">The thing or the client; null for one about the fleet or an account.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Summary">What happened and why, in one sentence.</param>
public sealed record FleetAlarm(string Id, FleetAlarmKind Kind, string Rule, string? Device, DateTimeOffset Time, string Summary)
{
    /// <summary>Raised unless set.</summary>
    public FleetAlarmState State { get; init; }

    /// <summary>How bad, where the finder says.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>The event that it was made from, one JSON value in UTF-8; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Event { get; init; }

    /// <summary>An alarm of Detect's, in AWS's JSON, as the worker commits it.</summary>
    /// <param name="alarm">The alarm. One whose JSON cannot be read becomes an alarm of the rule <c>unreadable</c>: it must not get lost.</param>
    public static FleetAlarm Of(StoredAlarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return DefenderNotification.ReadAll(alarm.Json) is [DetectNotification notification]
            ? Of(notification) with { Id = alarm.Id, Time = notification.Time ?? alarm.Time, Event = alarm.Json }
            : new FleetAlarm(alarm.Id, FleetAlarmKind.Detect, "unreadable", null, alarm.Time, $"The stored alarm {alarm.Id} is not JSON of Detect; whoever wrote it is at fault.");
    }

    /// <summary>A notification of Device Defender Detect.</summary>
    /// <param name="notification">The notification.</param>
    public static FleetAlarm Of(DetectNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        string rule = $"{notification.SecurityProfile ?? "unknown"}/{notification.Behavior ?? "unknown"}";
        string time = (notification.Time ?? default).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return new FleetAlarm(
            $"detect/{notification.ViolationId ?? Hash($"{rule}\n{notification.ThingName}\n{time}")}/{notification.Event}",
            FleetAlarmKind.Detect,
            rule,
            notification.ThingName,
            notification.Time ?? default,
            DetectSummary.Of(notification))
        {
            State = notification.Event switch
            {
                "alarm-cleared" => FleetAlarmState.Cleared,
                "alarm-invalidated" => FleetAlarmState.Invalidated,
                _ => FleetAlarmState.Raised,
            },
        };
    }

    /// <summary>Something unusual about connections.</summary>
    /// <param name="alarm">What <see cref="ConnectivityMonitor"/> found. Of a drop, the clients that are lost so far are counted.</param>
    public static FleetAlarm Of(ConnectivityAlarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        bool isOfClient = alarm.Kind is not (ConnectivityAlarmKind.FleetDrop or ConnectivityAlarmKind.SegmentDisconnects);
        string lost = alarm.Clients.Count > 0 ? $" ({alarm.Clients.Count} clients)" : "";
        return new FleetAlarm(
            $"connectivity/{alarm.Kind}/{Hash(alarm.Subject ?? "")}/{alarm.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}",
            FleetAlarmKind.Connectivity,
            alarm.Kind.ToString(),
            isOfClient ? alarm.Subject : null,
            alarm.Time,
            $"{alarm.Subject ?? "The fleet"}: {alarm.Reason}{lost}");
    }

    /// <summary>A surge of errors. One that grows keeps its id.</summary>
    /// <param name="surge">What <see cref="ErrorTimeline"/> found.</param>
    public static FleetAlarm Of(ErrorSurge surge)
    {
        ArgumentNullException.ThrowIfNull(surge);
        return new FleetAlarm(
            $"errors/{surge.Start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}", FleetAlarmKind.Errors, "errors", null, surge.Start, surge.ToString());
    }

    /// <summary>A finding of Device Defender Audit.</summary>
    /// <param name="finding">What <see cref="AuditFindings"/> read. A suppressed one is yours to leave out.</param>
    public static FleetAlarm Of(AuditFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return new FleetAlarm(
            $"audit/{finding.Id ?? Hash($"{finding.TaskId}\n{finding.Check}\n{finding.ResourceType}\n{finding.Resource}\n{finding.ReasonCode}")}",
            FleetAlarmKind.Audit,
            finding.Check,
            null,
            finding.Time ?? default,
            $"{finding.ResourceType ?? "resource"} {finding.Resource ?? "unknown"}: {finding.Reason ?? finding.ReasonCode ?? "does not comply"}")
        {
            Severity = finding.Severity,
        };
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
