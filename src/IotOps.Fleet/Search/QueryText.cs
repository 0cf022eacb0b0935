using System.IO.Enumeration;
using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Search;

/// <summary>Where in a record the texts of a query are looked for.</summary>
internal static class QueryText
{
    private const string SourceSuffix = ".amazonaws.com";

    public static bool IsApi(string what, CloudTrailRecord record)
    {
        if (record.EventName is not { } name)
        {
            return false;
        }

        foreach (Range part in what.AsSpan().Split(','))
        {
            ReadOnlySpan<char> api = what.AsSpan(part).Trim();
            int colon = api.IndexOf(':');
            if (Is(api[(colon + 1)..], name) && (colon < 0 || Is(api[..colon], Service(record.EventSource))))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsCaller(string who, CloudTrailRecord record)
    {
        if (record.Identity is not { } caller)
        {
            return false;
        }

        // "assumed-role/Deploy/alice": the session is who it was.
        return Is(who, caller.Arn) || Is(who, caller.UserName) || Is(who, caller.IssuerName) || Is(who, LastPart(caller.Arn)) || Is(who, caller.AccessKeyId)
            || Is(who, caller.PrincipalId) || Is(who, caller.IssuerArn) || Is(who, caller.OnBehalfOfUserId) || Is(who, caller.InvokedBy) || Is(who, caller.AccountId);
    }

    public static bool IsIn(string text, IReadOnlyList<CloudTrailResource> resources) =>
        resources.Any(resource => Is(text, resource.Arn) || Is(text, LastPart(resource.Arn)));

    /// <summary>Whether a text is anywhere in a JSON value, or is the last part of an ARN there.</summary>
    public static bool IsIn(string text, ReadOnlyMemory<byte> json) => !json.IsEmpty && IsIn(text, JsonElement.Parse(json.Span));

    private static bool IsIn(string text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                string? found = Members.Text(value);
                return Is(text, found) || Is(text, LastPart(found));
            case JsonValueKind.Array:
                return value.EnumerateArray().Any(item => IsIn(text, item));
            case JsonValueKind.Object:
                // The components of a deployment are names of members.
                return value.EnumerateObject().Any(member => Is(text, Members.Name(member)) || IsIn(text, member.Value));
            default:
                return false;
        }
    }

    private static string? Service(string? source) => source?.EndsWith(SourceSuffix, StringComparison.Ordinal) == true ? source[..^SourceSuffix.Length] : source;

    private static string? LastPart(string? arn) => arn?.StartsWith("arn:", StringComparison.Ordinal) == true ? arn[(arn.LastIndexOfAny(['/', ':']) + 1)..] : null;

    private static bool Is(ReadOnlySpan<char> pattern, string? text) => text is not null && FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}
