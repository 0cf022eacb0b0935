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

    public IReadOnlyDictionary<string, string> Tags { get; init; } = LogTags.None;

    /// <exception cref="Refusal">A member is out of its bounds.</exception>
    public static GroupSettings Of(JsonInput input)
    {
        return new GroupSettings
        {
            Class = Constraint.Word(input, "logGroupClass", Standard, "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS") ?? Standard,
            KmsKeyId = Key(Constraint.AtMost(input, "kmsKeyId", 256)),
            Tags = input.Map("tags") is { } tags ? LogTags.Checked(tags) : LogTags.None,
        };
    }

    // An id or an alias is not found by the service, which wants the whole ARN.
    private static string? Key(string key) => key switch
    {
        "" => null,
        _ when KeyArn().IsMatch(key) => key,
        _ => throw new Refusal(400, "InvalidParameterException", "The specified KMS Key Id could not be found."),
    };

    [GeneratedRegex(@"^arn:aws[a-z\-]*:kms:[a-z0-9\-]+:[0-9]{12}:key/.+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeyArn();
}
