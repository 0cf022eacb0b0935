using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>What tags of a log group may be.</summary>
internal static partial class LogTags
{
    public const int Most = 50;

    private const int MaxKey = 128;
    private const int MaxValue = 256;

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same tags, which are good.</summary>
    /// <exception cref="Refusal">There are none or too many, or one is out of its bounds.</exception>
    public static IReadOnlyDictionary<string, string> Checked(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count is 0 or > Most)
        {
            throw Constraint.Violated($"{tags.Count} tags", "tags", tags.Count == 0
                ? "Member must have length greater than or equal to 1"
                : $"Member must have length less than or equal to {Most}");
        }

        foreach ((string key, string value) in tags)
        {
            CheckKey(key, "tags");
            if (value.Length > MaxValue || !TagText().IsMatch(value))
            {
                throw Constraint.Violated(value, "tags", @"Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$]");
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new Refusal(400, "InvalidParameterException", "aws: prefixed tag key names are not allowed for external use.");
            }
        }

        return tags;
    }

    /// <summary>Keys of tags that are to go.</summary>
    /// <exception cref="Refusal">They are missing, or one is out of its bounds.</exception>
    public static IReadOnlyList<string> Keys(JsonInput input, string member)
    {
        IReadOnlyList<string> keys = input.Texts(member) ?? throw Constraint.Violated("null", member, "Member must not be null");
        foreach (string key in keys)
        {
            CheckKey(key, member);
        }

        return keys;
    }

    private static void CheckKey(string key, string member)
    {
        if (key.Length is 0 or > MaxKey || !TagText().IsMatch(key))
        {
            throw Constraint.Violated(key, member, @"Map keys must satisfy constraint: [Member must have length between 1 and 128, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$]");
        }
    }

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TagText();
}
