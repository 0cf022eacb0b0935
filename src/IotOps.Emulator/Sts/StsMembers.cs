using System.Globalization;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.Sts;

/// <summary>What a request to STS may have: the version, an operation that is here, and of its members those that are emulated.</summary>
internal static class StsMembers
{
    /// <summary>The operation that has no signature: its token says who asks.</summary>
    public const string Unsigned = "AssumeRoleWithWebIdentity";

    private const string Version = "2011-06-15";

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["AssumeRole"] = ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "SourceIdentity"],
        [Unsigned] = ["RoleArn", "RoleSessionName", "DurationSeconds", "WebIdentityToken"],
        ["GetSessionToken"] = ["DurationSeconds"],
        ["GetCallerIdentity"] = [],
    };

    /// <summary>Looks at the operation before the signature, which some operations do not have.</summary>
    /// <exception cref="Refusal">There is no such operation, or not here.</exception>
    public static void CheckOperation(QueryParameters form)
    {
        string operation = form.Find("Action") ?? throw new Refusal(400, "MissingAction", "One of the request's parameters must be Action.");
        if (form.Find("Version") != Version)
        {
            throw new Refusal(400, "InvalidAction", $"Could not find operation {operation} for version {form.Find("Version") ?? "NO_VERSION_SPECIFIED"}; the emulator's STS is of {Version}.");
        }

        if (!Known.ContainsKey(operation))
        {
            throw new Refusal(501, "NotImplemented", $"The emulator's STS has no operation {operation}; it has {string.Join(", ", Known.Keys)}.");
        }
    }

    /// <exception cref="Refusal">The request has something else.</exception>
    public static void Check(QueryParameters form)
    {
        string operation = form.Find("Action")!;
        string[] members = Known[operation];

        // What is not emulated must not be taken for done: a session policy would let through what it forbids. Of a list the first part names the member.
        foreach (string name in form.All.Select(static parameter => parameter.Key.Split('.')[0]))
        {
            if (name is not ("Action" or "Version") && !name.StartsWith("X-Amz-", StringComparison.Ordinal) && !members.Contains(name, StringComparer.Ordinal))
            {
                throw new Refusal(501, "NotImplemented", $"The emulator's {operation} has no '{name}'.");
            }
        }
    }

    /// <summary>The lifetime of keys.</summary>
    /// <exception cref="Refusal">It is out of its bounds.</exception>
    public static int Seconds(QueryParameters form, int otherwise, int most)
    {
        string? asked = form.Find("DurationSeconds");
        int seconds = asked is null ? otherwise : int.TryParse(asked, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int given) ? given : 0;
        return seconds >= 900 && seconds <= most ? seconds : throw Violated(asked!, "durationSeconds", $"Member must have value between 900 and {most}");
    }

    /// <exception cref="Refusal">It is not the name of a session.</exception>
    public static void CheckName(string name, string member)
    {
        if (name.Length is < 2 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "_+=,.@-".Contains(c, StringComparison.Ordinal)))
        {
            throw Violated(name, member, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        }
    }

    public static Refusal Violated(string value, string member, string constraint) =>
        new(400, "ValidationError", $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");
}
