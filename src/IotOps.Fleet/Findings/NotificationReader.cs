using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Findings;

/// <summary>Reads Device Defender's messages out of the envelopes of SNS.</summary>
internal static class NotificationReader
{
    private const int MaxEnvelopes = 4;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    public static List<DefenderNotification> Read(ReadOnlyMemory<byte> json)
    {
        List<DefenderNotification> notifications = [];
        Read(json, notifications, MaxEnvelopes);
        return notifications;
    }

    private static void Read(ReadOnlyMemory<byte> json, List<DefenderNotification> notifications, int envelopes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Deep);
        }
        catch (JsonException e)
        {
            notifications.Add(new UnreadableNotification($"it is no JSON: {e.Message}"));
            return;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (Members.Get(root, "Records") is { ValueKind: JsonValueKind.Array } records && envelopes > 0)
            {
                foreach (JsonElement record in records.EnumerateArray())
                {
                    ReadText(Members.Text(Members.Get(record, "Sns"), "Message"), notifications, envelopes);
                }
            }
            else if (Members.Text(root, "Type") == "Notification" && envelopes > 0)
            {
                ReadText(Members.Text(root, "Message"), notifications, envelopes);
            }
            else
            {
                notifications.Add(One(root));
            }
        }
    }

    private static void ReadText(string? message, List<DefenderNotification> notifications, int envelopes)
    {
        if (message is null)
        {
            notifications.Add(new UnreadableNotification("the envelope of SNS has no text Message"));
            return;
        }

        Read(Encoding.UTF8.GetBytes(message), notifications, envelopes - 1);
    }

    private static DefenderNotification One(JsonElement json)
    {
        if (Members.Text(json, "Type") is "SubscriptionConfirmation" or "UnsubscribeConfirmation")
        {
            return new SubscriptionRequest(Members.Text(json, "TopicArn"), Members.Text(json, "SubscribeURL"));
        }

        if (Members.Text(json, "violationEventType") is { } violation && Members.Text(json, "thingName") is { } thing)
        {
            return Detect(json, thing, violation);
        }

        return Members.Text(json, "taskStatus") is { } status
            ? Audit(json, status)
            : new UnreadableNotification("it is neither an audit (taskStatus) nor a violation (violationEventType, thingName)");
    }

    private static AuditNotification Audit(JsonElement json, string status)
    {
        List<AuditCheckResult> checks = [];
        JsonElement details = Members.Get(json, "auditDetails");
        if (details.ValueKind == JsonValueKind.Array)
        {
            checks.AddRange(details.EnumerateArray().Select(check => Check(Members.Text(check, "checkName") ?? "", check)));
        }
        else if (details.ValueKind == JsonValueKind.Object)
        {
            // DescribeAuditTask has a map where the message has a list.
            checks.AddRange(details.EnumerateObject().Select(check => Check(check.Name, check.Value)));
        }

        return new AuditNotification(Members.Text(json, "taskId") ?? "", status)
        {
            TaskType = Members.Text(json, "taskType"),
            ScheduledAudit = Members.Text(json, "scheduledAuditName"),
            Account = Members.Text(json, "accountId"),
            Started = Members.Time(json, "taskStartTime"),
            Checks = checks,
        };
    }

    private static AuditCheckResult Check(string name, JsonElement check) => new(AuditChecks.Canonical(name), Members.Text(check, "checkRunStatus") ?? "")
    {
        NonCompliantResources = Members.Number(check, "nonCompliantResourcesCount"),
        TotalResources = Members.Number(check, "totalResourcesCount"),
        SuppressedResources = Members.Number(check, "suppressedNonCompliantResourcesCount"),
        ErrorCode = Members.Text(check, "errorCode"),
        Message = Members.Text(check, "message"),
    };

    private static DetectNotification Detect(JsonElement json, string thing, string violation)
    {
        JsonElement behavior = Members.Get(json, "behavior");
        JsonElement criteria = Members.Get(behavior, "criteria");
        return new DetectNotification(thing, violation)
        {
            ViolationId = Members.Text(json, "violationId"),
            Time = Members.Time(json, "violationEventTime"),
            SecurityProfile = Members.Text(json, "securityProfileName"),
            Behavior = Members.Text(behavior, "name"),
            Metric = Members.Text(behavior, "metric"),
            Normal = Normal(criteria),
            Value = Value(Members.Get(json, "metricValue")),
            Confidence = Members.Text(Members.Get(json, "violationEventAdditionalInfo"), "confidenceLevel"),
        };
    }

    // The criteria say what is normal, not what is wrong.
    private static string? Normal(JsonElement criteria)
    {
        string? limit = Value(Members.Get(criteria, "value")) ?? Members.Text(Members.Get(criteria, "statisticalThreshold"), "statistic");
        if (Members.Text(criteria, "comparisonOperator") is not { } comparison)
        {
            return Members.Text(Members.Get(criteria, "mlDetectionConfig"), "confidenceLevel") is { } confidence ? $"as learnt, with {confidence} confidence" : null;
        }

        long seconds = Members.Number(criteria, "durationSeconds");
        return $"{comparison}{(limit is null ? "" : $" {limit}")}{(seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $" in {seconds} s") : "")}";
    }

    // count, number, cidrs, ports, numbers, strings: whichever is there.
    private static string? Value(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty one in value.EnumerateObject())
        {
            if (one.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Array or JsonValueKind.String)
            {
                return one.Value.GetRawText();
            }
        }

        return null;
    }
}
