using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Findings of their sources as the console keeps them.</summary>
internal static class FindingConversion
{
    /// <summary>A notification of Device Defender: an alarm of Detect, or each check of an audit that found something.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="time">When it came, for one without a time.</param>
    /// <exception cref="FormatException">It is none, or has no time.</exception>
    public static IEnumerable<ConsoleFinding> Of(DefenderNotification notification, DateTimeOffset? time) => notification switch
    {
        DetectNotification detect => [Of(detect, time)],
        AuditNotification audit => audit.NonCompliant.Select(check => Of(audit, check, time)),
        UnreadableNotification unreadable => throw new FormatException(unreadable.Reason),
        _ => [],
    };

    /// <summary>A finding as ListAuditFindings answers it.</summary>
    public static ConsoleFinding Of(AuditFinding finding)
    {
        DateTimeOffset found = finding.Time ?? throw new FormatException("a finding of an audit has no findingTime");
        string resource = finding.Resource ?? "account";
        string identity = $"{finding.Check}/{finding.ResourceType}/{resource}";
        return new ConsoleFinding($"audit/{identity}", FindingSource.Audit, finding.Severity, finding.Check, $"{Words(finding.ResourceType)} {resource}", finding.Reason ?? finding.ReasonCode ?? "", found, found)
        {
            State = finding.IsSuppressed ? FindingState.Suppressed : FindingState.Open,
            Json = finding.Json.ValueKind == JsonValueKind.Object ? finding.Json.GetRawText() : null,
        };
    }

    /// <summary>The same, out of a line of a file: what <c>aws iot list-audit-findings</c> prints of one.</summary>
    public static ConsoleFinding OfAuditJson(JsonElement json, DateTimeOffset? time)
    {
        string check = AuditChecks.Canonical(Text(json, "checkName") ?? throw new FormatException("a finding of an audit has a text checkName"));
        JsonElement resource = json.TryGetProperty("nonCompliantResource"u8, out JsonElement found) ? found : default;
        string? identity = resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceIdentifier"u8, out JsonElement members) && members.ValueKind == JsonValueKind.Object
            ? members.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).Select(member => member.Value.GetString()).FirstOrDefault()
            : null;
        return Of(new AuditFinding(Text(json, "findingId"), check, Enum.TryParse(Text(json, "severity"), ignoreCase: true, out FindingSeverity severity) ? severity : AuditChecks.SeverityOf(check))
        {
            Time = Instant(json, "findingTime") ?? time,
            ResourceType = Text(resource, "resourceType"),
            Resource = identity,
            Reason = Text(json, "reasonForNonCompliance"),
            ReasonCode = Text(json, "reasonForNonComplianceCode"),
            IsSuppressed = json.TryGetProperty("isSuppressed"u8, out JsonElement suppressed) && suppressed.ValueKind == JsonValueKind.True,
            Json = json.Clone(),
        });
    }

    /// <summary>Something unusual about connections.</summary>
    public static ConsoleFinding Of(ConnectivityAlarm alarm, DateTimeOffset updated, bool isOver)
    {
        bool isOfClient = alarm.Kind is not (ConnectivityAlarmKind.FleetDrop or ConnectivityAlarmKind.SegmentDisconnects);
        string subject = alarm.Subject ?? "the fleet";
        return new ConsoleFinding(
            $"connectivity/{alarm.Kind}/{alarm.Subject}/{alarm.Time.ToUnixTimeMilliseconds()}", FindingSource.Connectivity, SeverityOf(alarm.Kind), alarm.Kind.ToString(),
            isOfClient ? $"thing {subject}" : alarm.Kind == ConnectivityAlarmKind.FleetDrop ? subject : $"segment {subject}", alarm.Reason, alarm.Time, updated)
        {
            Thing = isOfClient ? alarm.Subject : null,
            State = isOver ? FindingState.Cleared : FindingState.Open,
            Count = alarm.Clients.Count > 0 ? alarm.Clients.Count : alarm.Count,
            Expected = alarm.Expected,
            Probability = alarm.Probability,
            Members = alarm.Clients,
        };
    }

    // One that takes a device over shows by its credential; the rest may be a network.
    private static FindingSeverity SeverityOf(ConnectivityAlarmKind kind) => kind switch
    {
        ConnectivityAlarmKind.FleetDrop or ConnectivityAlarmKind.NewPrincipal => FindingSeverity.High,
        ConnectivityAlarmKind.NewAddress => FindingSeverity.Low,
        _ => FindingSeverity.Medium,
    };

    private static ConsoleFinding Of(DetectNotification detect, DateTimeOffset? time)
    {
        DateTimeOffset at = detect.Time ?? time ?? throw new FormatException("a violation has no violationEventTime");
        string behavior = detect.Behavior ?? "unknown";
        string value = detect.Value is { } measured ? $"{detect.Metric ?? "value"} {measured}" : detect.Metric ?? behavior;
        return new ConsoleFinding(
            $"detect/{detect.ViolationId ?? $"{detect.SecurityProfile}/{behavior}/{detect.ThingName}"}", FindingSource.Detect, FindingSeverity.High, behavior, $"thing {detect.ThingName}",
            $"{value}{(detect.Normal is { } normal ? $"; normal is {normal}" : "")}{(detect.SecurityProfile is { } profile ? $"; profile {profile}" : "")}", at, at)
        {
            Thing = detect.ThingName,
            State = detect.IsInAlarm ? FindingState.Open : FindingState.Cleared,
        };
    }

    // A message has counts, and no resources: those come with the findings themselves.
    private static ConsoleFinding Of(AuditNotification audit, AuditCheckResult check, DateTimeOffset? time)
    {
        DateTimeOffset at = audit.Started ?? time ?? throw new FormatException("an audit has no taskStartTime");
        return new ConsoleFinding(
            $"audit/{check.Name}", FindingSource.Audit, check.Severity, check.Name, $"account {audit.Account}".TrimEnd(), $"{check.NonCompliantResources} of {check.TotalResources} resources do not comply", at, at)
        {
            Count = check.NonCompliantResources,
        };
    }

    private static string Words(string? type) => type is null ? "resource" : type.Replace('_', ' ').ToLowerInvariant();

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Instant(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) switch
    {
        false => null,
        _ when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= 0 and < 253_402_300_800 => DateTimeOffset.UnixEpoch.AddSeconds(seconds),
        _ when value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out DateTimeOffset time) => time,
        _ => null,
    };
}
