using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>The constraints of the service's model, refused in the service's words.</summary>
internal static partial class Constraint
{
    public static Refusal Violated(string value, string member, string rule) =>
        new(400, "InvalidParameterException", value == "null"
            ? $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: {rule}"
            : $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}");

    /// <summary>1 to 512 of A-Z a-z 0-9 _ - / . #, not of AWS's own.</summary>
    public static string GroupName(string? value, string member = "logGroupName")
    {
        string name = Length(value, member, 512);
        if (!GroupPattern().IsMatch(name))
        {
            throw Violated(name, member, @"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+");
        }

        return name;
    }

    /// <summary>The log group that a request names: by name, or by identifier, which is a name or an ARN.</summary>
    public static string Group(JsonInput input)
    {
        string? identifier = input.Text("logGroupIdentifier");
        string? named = input.Text("logGroupName");
        if (identifier is null)
        {
            return GroupName(named);
        }

        if (named is not null)
        {
            throw new Refusal(400, "InvalidParameterException", "LogGroup name and LogGroup identifier are mutually exclusive parameters.");
        }

        return Identified(identifier, "logGroupIdentifier");
    }

    /// <summary>The name that an identifier, a name or an ARN, is of.</summary>
    public static string Identified(string identifier, string member)
    {
        int name = identifier.IndexOf(":log-group:", StringComparison.Ordinal);
        return GroupName(name < 0 ? identifier : identifier[(name + ":log-group:".Length)..].TrimEnd('*').TrimEnd(':'), member);
    }

    /// <summary>1 to 512 characters without colon or asterisk.</summary>
    public static string StreamName(string? value, string member = "logStreamName")
    {
        string name = Length(value, member, 512);
        if (name.AsSpan().ContainsAny(':', '*'))
        {
            throw Violated(name, member, "Member must satisfy regular expression pattern: [^:*]*");
        }

        return name;
    }

    /// <summary>The beginning of stream names; null when absent.</summary>
    public static string? StreamPrefix(JsonInput input) =>
        input.Text("logStreamNamePrefix") is { } prefix ? StreamName(prefix, "logStreamNamePrefix") : null;

    /// <summary>A time in milliseconds since 1970, which is never before.</summary>
    public static long? Time(JsonInput input, string member) =>
        input.Number(member) is not { } time || time >= 0
            ? input.Number(member)
            : throw Violated(time.ToString(), member, "Member must have value greater than or equal to 0");

    /// <summary>One of a few words; null when absent.</summary>
    public static string? Word(JsonInput input, string member, params ReadOnlySpan<string> words) =>
        input.Text(member) is not { } word ? null
        : words.Contains(word) ? word
        : throw Violated(word, member, $"Member must satisfy enum value set: [{string.Join(", ", words.ToArray())}]");

    /// <summary>A text of at most so many characters; empty when absent.</summary>
    public static string AtMost(JsonInput input, string member, int max) =>
        input.Text(member) is { } text && text.Length > max
            ? throw Violated(text, member, $"Member must have length less than or equal to {max}")
            : input.Text(member) ?? "";

    /// <summary>A page size from 1 to <paramref name="max"/>; absent is the largest.</summary>
    public static int Limit(long? value, int max, string member = "limit") => value switch
    {
        null => max,
        < 1 => throw Violated(value.Value.ToString(), member, "Member must have value greater than or equal to 1"),
        _ when value > max => throw Violated(value.Value.ToString(), member, $"Member must have value less than or equal to {max}"),
        _ => (int)value,
    };

    /// <summary>A text of 1 to so many characters.</summary>
    public static string Length(string? value, string member, int max) => value switch
    {
        null => throw Violated("null", member, "Member must not be null"),
        "" => throw Violated("", member, "Member must have length greater than or equal to 1"),
        _ when value.Length > max => throw Violated(value, member, $"Member must have length less than or equal to {max}"),
        _ => value,
    };

    // The atomic end keeps a name that ends in a line feed out.
    [GeneratedRegex(@"^[\.\-_/#A-Za-z0-9]+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex GroupPattern();
}
