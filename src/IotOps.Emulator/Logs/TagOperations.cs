using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// Tags of log groups: TagResource, UntagResource and ListTagsForResource, and the older three that name a group.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html.
/// </summary>
internal sealed class TagOperations(LogStore store)
{
    private const int MaxArn = 1_011;
    private const string GroupPart = ":log-group:";

    public void Tag(JsonInput input)
    {
        LogGroup group = Resource(input);
        Add(group, input, "TooManyTagsException");
    }

    public void Untag(JsonInput input)
    {
        LogGroup group = Resource(input);
        IReadOnlyList<string> keys = LogTags.Keys(input, "tagKeys");
        if (keys.Count > LogTags.Most)
        {
            throw Constraint.Violated($"{keys.Count} keys", "tagKeys", $"Member must have length less than or equal to {LogTags.Most}");
        }

        Remove(group, keys);
    }

    public void List(JsonInput input, Utf8JsonWriter output) => Write(Resource(input), output);

    public void TagGroup(JsonInput input) => Add(Group(input), input, "InvalidParameterException");

    public void UntagGroup(JsonInput input)
    {
        LogGroup group = Group(input);
        IReadOnlyList<string> keys = LogTags.Keys(input, "tags");
        Remove(group, keys.Count > 0 ? keys : throw Constraint.Violated("[]", "tags", "Member must have length greater than or equal to 1"));
    }

    public void ListOfGroup(JsonInput input, Utf8JsonWriter output) => Write(Group(input), output);

    private void Add(LogGroup group, JsonInput input, string tooMany)
    {
        IReadOnlyDictionary<string, string> tags = input.Map("tags") is { } given ? LogTags.Checked(given) : throw Constraint.Violated("null", "tags", "Member must not be null");
        store.SetTags(group, old =>
        {
            var all = new Dictionary<string, string>(old, StringComparer.Ordinal);
            foreach ((string key, string value) in tags)
            {
                all[key] = value;
            }

            return all.Count <= LogTags.Most ? all : throw new Refusal(400, tooMany, $"The log group would have {all.Count} tags; {LogTags.Most} are the most.");
        });
    }

    private void Remove(LogGroup group, IReadOnlyList<string> keys) =>
        store.SetTags(group, old => old.Where(tag => !keys.Contains(tag.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal));

    private static void Write(LogGroup group, Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteStartObject("tags"u8);
        foreach ((string key, string value) in group.Tags)
        {
            output.WriteString(key, value);
        }

        output.WriteEndObject();
        output.WriteEndObject();
    }

    private LogGroup Group(JsonInput input) => store.Group(Constraint.GroupName(input.Text("logGroupName")));

    // Of what can have tags there are groups alone here; destinations and the like are not found.
    private LogGroup Resource(JsonInput input)
    {
        string arn = Constraint.Length(input.Text("resourceArn"), "resourceArn", MaxArn);
        if (!arn.All(static c => char.IsAsciiLetterOrDigit(c) || "_+=/:,.@-".Contains(c, StringComparison.Ordinal)))
        {
            throw Constraint.Violated(arn, "resourceArn", @"Member must satisfy regular expression pattern: [\w+=/:,.@-]*");
        }

        int name = arn.IndexOf(GroupPart, StringComparison.Ordinal);
        if (name < 0 || !arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw new Refusal(400, "InvalidParameterException", $"'{arn}' is not the ARN of a log group, which ends without an asterisk.");
        }

        return store.Group(arn[(name + GroupPart.Length)..]);
    }
}
