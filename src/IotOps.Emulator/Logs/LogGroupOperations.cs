using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>Create, delete, describe and keep: the operations on log groups.</summary>
internal sealed class LogGroupOperations(LogStore store)
{
    private static readonly int[] RetentionDays =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public void Create(JsonInput input)
    {
        string name = Constraint.GroupName(input.Text("logGroupName"));
        if (name.StartsWith("aws/", StringComparison.OrdinalIgnoreCase))
        {
            throw new Refusal(400, "InvalidParameterException", "Log groups starting with AWS/ are reserved for AWS.");
        }

        store.CreateGroup(name, GroupSettings.Of(input), input.Flag("deletionProtectionEnabled"));
    }

    public void Delete(JsonInput input) => store.DeleteGroup(Constraint.GroupName(input.Text("logGroupName")));

    public void PutRetention(JsonInput input)
    {
        string name = Constraint.GroupName(input.Text("logGroupName"));
        long? days = input.Number("retentionInDays");
        if (days is null || !RetentionDays.Contains((int)Math.Min(days.Value, int.MaxValue)))
        {
            throw Constraint.Violated(
                days?.ToString() ?? "null", "retentionInDays", $"Member must satisfy enum value set: [{string.Join(", ", RetentionDays)}]");
        }

        store.SetRetention(name, (int)days);
    }

    public void PutDeletionProtection(JsonInput input)
    {
        string identifier = Constraint.AtMost(input, "logGroupIdentifier", 2048);
        bool isProtected = input.Choice("deletionProtectionEnabled") ?? throw Constraint.Violated("null", "deletionProtectionEnabled", "Member must not be null");
        store.SetProtection(Constraint.GroupName(identifier[(identifier.LastIndexOf(':') + 1)..], "logGroupIdentifier"), isProtected);
    }

    public void DeleteRetention(JsonInput input) => store.SetRetention(Constraint.GroupName(input.Text("logGroupName")), null);

    public void Describe(JsonInput input, string region, Utf8JsonWriter output)
    {
        string prefix = input.Text("logGroupNamePrefix") is { } begin ? Constraint.GroupName(begin, "logGroupNamePrefix") : "";
        string? pattern = input.Text("logGroupNamePattern") is { } part ? Constraint.GroupName(part, "logGroupNamePattern") : null;
        string? logGroupClass = Constraint.Word(input, "logGroupClass", GroupSettings.Standard, "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS");
        if (prefix.Length > 0 && pattern is not null)
        {
            throw new Refusal(400, "InvalidParameterException", "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        IEnumerable<LogGroup> matching = store.Groups.Where(g =>
            g.Name.StartsWith(prefix, StringComparison.Ordinal)
            && g.Name.Contains(pattern ?? "", StringComparison.Ordinal)
            && (logGroupClass is null || logGroupClass == g.Settings.Class));
        Page<LogGroup> page = Page<LogGroup>.Of([.. matching], input.Text("nextToken"), Constraint.Limit(input.Number("limit"), 50));

        output.WriteStartObject();
        output.WriteStartArray("logGroups"u8);
        foreach (LogGroup group in page.Items)
        {
            Write(group, region, isBrief: pattern is not null, output);
        }

        output.WriteEndArray();
        page.WriteToken(output);
        output.WriteEndObject();
    }

    private void Write(LogGroup group, string region, bool isBrief, Utf8JsonWriter output)
    {
        string arn = $"arn:aws:logs:{region}:{store.Options.AccountId}:log-group:{group.Name}";
        output.WriteStartObject();
        output.WriteString("logGroupName"u8, group.Name);
        output.WriteNumber("creationTime"u8, group.CreatedAt);
        output.WriteString("arn"u8, arn + ":*");
        if (isBrief)
        {
            // What is found by a part of its name has these members alone.
            output.WriteEndObject();
            return;
        }

        if (group.RetentionInDays is { } days)
        {
            output.WriteNumber("retentionInDays"u8, days);
        }

        output.WriteNumber("metricFilterCount"u8, group.MetricFilters.Count);
        output.WriteNumber("storedBytes"u8, 0);
        if (group.Settings.KmsKeyId is { } key)
        {
            output.WriteString("kmsKeyId"u8, key);
        }

        output.WriteString("logGroupClass"u8, group.Settings.Class);
        output.WriteString("logGroupArn"u8, arn);
        output.WriteBoolean("deletionProtectionEnabled"u8, group.IsProtected);
        output.WriteEndObject();
    }
}
