using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>What StartLiveTail asks for.</summary>
internal sealed record LiveTailRequest(
    IReadOnlyList<string> Identifiers, IReadOnlyList<LogGroup> Groups, IReadOnlyList<string>? Streams, IReadOnlyList<string>? Prefixes, string PatternText, FilterPattern Pattern)
{
    private const int MaxGroups = 10;
    private const int MaxStreams = 100;
    private const int MaxPattern = 1_024;

    /// <exception cref="Refusal">A member is missing or out of its bounds.</exception>
    public static LiveTailRequest Read(JsonInput input, LogStore store)
    {
        input.RefuseAllBut("StartLiveTail", ["logGroupIdentifiers", "logStreamNames", "logStreamNamePrefixes", "logEventFilterPattern"]);
        IReadOnlyList<string> identifiers = input.Texts("logGroupIdentifiers") ?? throw Constraint.Violated("null", "logGroupIdentifiers", "Member must not be null");
        if (identifiers.Count is 0 or > MaxGroups)
        {
            throw Constraint.Violated($"{identifiers.Count} identifiers", "logGroupIdentifiers", $"Member must have length between 1 and {MaxGroups}");
        }

        IReadOnlyList<string>? streams = Names(input, "logStreamNames");
        IReadOnlyList<string>? prefixes = Names(input, "logStreamNamePrefixes");
        if ((streams ?? prefixes) is not null && (identifiers.Count > 1 || (streams is not null && prefixes is not null)))
        {
            throw new Refusal(400, "InvalidParameterException", "logStreamNames or logStreamNamePrefixes go with one log group, and not with each other.");
        }

        string pattern = Constraint.AtMost(input, "logEventFilterPattern", MaxPattern);
        return new LiveTailRequest(identifiers, [.. identifiers.Select(one => Group(one, store))], streams, prefixes, pattern, FilterPattern.Parse(pattern));
    }

    public bool Wants(LogGroup group, LogStream stream) =>
        Groups.Contains(group)
        && (Streams?.Contains(stream.Name, StringComparer.Ordinal) ?? true)
        && (Prefixes?.Any(prefix => stream.Name.StartsWith(prefix, StringComparison.Ordinal)) ?? true);

    public void Write(Utf8JsonWriter output)
    {
        Write(output, "logGroupIdentifiers", Identifiers);
        Write(output, "logStreamNames", Streams);
        Write(output, "logStreamNamePrefixes", Prefixes);
        output.WriteString("logEventFilterPattern"u8, PatternText);
    }

    private static void Write(Utf8JsonWriter output, string member, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            return;
        }

        output.WriteStartArray(member);
        foreach (string text in texts)
        {
            output.WriteStringValue(text);
        }

        output.WriteEndArray();
    }

    private static IReadOnlyList<string>? Names(JsonInput input, string member)
    {
        if (input.Texts(member) is not { } names)
        {
            return null;
        }

        return names.Count is > 0 and <= MaxStreams
            ? [.. names.Select(name => Constraint.StreamName(name, member))]
            : throw Constraint.Violated($"{names.Count} names", member, $"Member must have length between 1 and {MaxStreams}");
    }

    // By its ARN alone, which does not end with an asterisk here.
    private static LogGroup Group(string identifier, LogStore store) =>
        identifier.StartsWith("arn:", StringComparison.Ordinal) && identifier.Contains(":log-group:", StringComparison.Ordinal) && !identifier.EndsWith('*')
            ? store.Group(Constraint.Identified(identifier, "logGroupIdentifiers"))
            : throw new Refusal(400, "InvalidParameterException", $"logGroupIdentifiers has '{identifier}', which is not the ARN of a log group without an asterisk at its end.");
}
