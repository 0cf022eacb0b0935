using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Notifications and findings for people and for programs.</summary>
internal static class NotificationText
{
    public static string Line(DefenderNotification notification) => notification switch
    {
        AuditNotification audit =>
            $"audit {audit.TaskId} {audit.Status}{(audit.NonCompliant.Any() ? $" {Name(audit.Severity)}: {string.Join(", ", audit.NonCompliant.Select(check => $"{check.Name} {check.NonCompliantResources}/{check.TotalResources}"))}" : "")}"
            + string.Concat(audit.Checks.Where(check => check.HasFailed).Select(check => $"; {check.Name} failed: {check.ErrorCode ?? check.Message}")),
        DetectNotification detect =>
            $"detect {detect.Time:u} {detect.ThingName} {detect.Event}: {detect.Behavior} {detect.Metric} is {detect.Value ?? "-"}{(detect.Normal is null ? "" : $", normal is {detect.Normal}")}",
        SubscriptionRequest subscription => $"subscription {subscription.TopicArn}: {subscription.SubscribeUrl}",
        _ => notification.ToString(),
    };

    public static string Line(AuditFinding finding) =>
        $"{finding.Time:u}  {Name(finding.Severity)}  {finding.Check}  {finding.ResourceType} {finding.Resource}  {finding.Reason}{(finding.IsSuppressed ? "  (suppressed)" : "")}";

    public static void Write(Utf8JsonWriter json, DefenderNotification notification)
    {
        switch (notification)
        {
            case AuditNotification audit:
                Write(json, audit);
                break;
            case DetectNotification detect:
                Write(json, detect);
                break;
            case SubscriptionRequest subscription:
                json.WriteString("kind"u8, "subscription");
                json.WriteString("topic"u8, subscription.TopicArn);
                break;
            default:
                json.WriteString("kind"u8, "unreadable");
                json.WriteString("reason"u8, (notification as UnreadableNotification)?.Reason);
                break;
        }
    }

    public static void Write(Utf8JsonWriter json, AuditFinding finding)
    {
        json.WriteString("findingId"u8, finding.Id);
        json.WriteString("check"u8, finding.Check);
        json.WriteString("severity"u8, Name(finding.Severity));
        json.WriteString("resourceType"u8, finding.ResourceType);
        json.WriteString("resource"u8, finding.Resource);
        json.WriteString("reason"u8, finding.Reason);
        json.WriteBoolean("suppressed"u8, finding.IsSuppressed);
    }

    private static void Write(Utf8JsonWriter json, AuditNotification audit)
    {
        json.WriteString("kind"u8, "audit");
        json.WriteString("taskId"u8, audit.TaskId);
        json.WriteString("status"u8, audit.Status);
        json.WriteStartObject("nonCompliant"u8);
        foreach (AuditCheckResult check in audit.NonCompliant.DistinctBy(check => check.Name, StringComparer.Ordinal))
        {
            json.WriteNumber(check.Name, check.NonCompliantResources);
        }

        json.WriteEndObject();
        json.WriteStartObject("failed"u8);
        foreach (AuditCheckResult check in audit.Checks.Where(check => check.HasFailed).DistinctBy(check => check.Name, StringComparer.Ordinal))
        {
            json.WriteString(check.Name, check.ErrorCode ?? check.Message);
        }

        json.WriteEndObject();
        if (audit.NonCompliant.Any())
        {
            json.WriteString("severity"u8, Name(audit.Severity));
        }
    }

    private static void Write(Utf8JsonWriter json, DetectNotification detect)
    {
        json.WriteString("kind"u8, "detect");
        json.WriteString("event"u8, detect.Event);
        json.WriteString("thing"u8, detect.ThingName);
        json.WriteString("behavior"u8, detect.Behavior);
        json.WriteString("metric"u8, detect.Metric);
        json.WriteString("normal"u8, detect.Normal);
        if (detect.Value is { } value)
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(value);
        }

        json.WriteString("confidence"u8, detect.Confidence);
    }

    private static string Name(FindingSeverity severity) => severity == FindingSeverity.Unknown ? "unknown" : severity.ToString().ToUpperInvariant();
}
