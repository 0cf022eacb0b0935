using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>What a log group is created with, checked as the service does: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html.</summary>
internal sealed partial record GroupSettings
{
    public const string Standard = "STANDARD";

    public static GroupSettings None { get; } = new();

    public string Class { get; init; } = Standard;

    public string? KmsKeyId { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <exception cref="Refusal">A member is out of its bounds.</exception>
    public static GroupSettings Of(JsonInput input)
    {
        return new GroupSettings
        {
            Class = Constraint.Word(input, "logGroupClass", Standard, "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS") ?? Standard,
            KmsKeyId = Key(Constraint.AtMost(input, "kmsKeyId", 256)),
            Tags = Checked(input.Map("tags")),
        };
    }

    // An id or an alias is not found by the service, which wants the whole ARN.
    private static string? Key(string key) => key switch
    {
        "" => null,
        _ when KeyArn().IsMatch(key) => key,
        _ => throw new Refusal(400, "InvalidParameterException", "The specified KMS Key Id could not be found."),
    };

    private static IReadOnlyDictionary<string, string> Checked(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null)
        {
            return None.Tags;
        }

        if (tags.Count is 0 or > 50)
        {
            throw Constraint.Violated($"{tags.Count} tags", "tags", tags.Count == 0
                ? "Member must have length greater than or equal to 1"
                : "Member must have length less than or equal to 50");
        }

        foreach ((string key, string value) in tags)
        {
            if (key.Length is 0 or > 128 || !TagText().IsMatch(key))
            {
                throw Constraint.Violated(key, "tags", @"Map keys must satisfy constraint: [Member must have length between 1 and 128, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$]");
            }

            if (value.Length > 256 || !TagText().IsMatch(value))
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

    [GeneratedRegex(@"^arn:aws[a-z\-]*:kms:[a-z0-9\-]+:[0-9]{12}:key/.+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeyArn();

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TagText();
}
