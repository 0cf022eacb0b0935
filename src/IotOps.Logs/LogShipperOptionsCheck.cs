using IotOps.Logs.Batching;

namespace IotOps.Logs;

/// <summary>Says which option is out of range, and what it may be.</summary>
internal static class LogShipperOptionsCheck
{
    /// <summary>Memory below which one stream's two batches of 1 MiB, and one that grows, do not fit.</summary>
    private const long LeastBuffered = 4L << 20;

    private const long LeastSpool = 4L << 20;

    private static readonly int[] Retentions =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Check(LogShipperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options, !string.IsNullOrWhiteSpace(options.StateDirectory), "StateDirectory is empty; name a directory that stays over restarts, such as ./state.");
        Require(options, !string.IsNullOrWhiteSpace(options.Region), "Region is empty; name one, such as eu-west-1.");
        Require(
            options,
            options.RetentionDays is not { } days || Retentions.Contains(days),
            $"RetentionDays is {options.RetentionDays}; CloudWatch Logs has {string.Join(", ", Retentions)}, and null for ever.");
        Require(options, Enum.IsDefined(options.GroupClass), $"GroupClass is {options.GroupClass}; it is Standard, InfrequentAccess or Essentials.");
        Require(
            options,
            options.GroupKmsKeyArn is not { } key || IsKeyArn(key),
            $"GroupKmsKeyArn is '{options.GroupKmsKeyArn}'; it is the whole ARN of a key, such as arn:aws:kms:eu-west-1:111122223333:key/ID, not an id or alias.");
        CheckTags(options);
        Require(options, options.FlushInterval > TimeSpan.Zero, $"FlushInterval is {options.FlushInterval}; it is longer than zero.");
        Require(options, options.PollInterval > TimeSpan.Zero, $"PollInterval is {options.PollInterval}; it is longer than zero.");
        Require(
            options,
            options.MaxEventBytes is >= 256 and <= BatchLimits.MaxBytes,
            $"MaxEventBytes is {options.MaxEventBytes}; it is 256 to {BatchLimits.MaxBytes}.");
        Require(options, options.MaxParallelRequests >= 1, $"MaxParallelRequests is {options.MaxParallelRequests}; it is at least 1.");
        Require(options, options.MaxBufferedBytes >= LeastBuffered, $"MaxBufferedBytes is {options.MaxBufferedBytes}; it is at least {LeastBuffered}.");
        Require(options, options.SpoolLimitBytes >= LeastSpool, $"SpoolLimitBytes is {options.SpoolLimitBytes}; it is at least {LeastSpool}.");
        Require(options, options.MaxOpenFiles >= 1, $"MaxOpenFiles is {options.MaxOpenFiles}; it is at least 1.");
        Require(options, options.KeepPositions >= TimeSpan.Zero, $"KeepPositions is {options.KeepPositions}; it is zero or longer.");
        Require(options, Enum.IsDefined(options.OldEvents), $"OldEvents is {options.OldEvents}; it is ArrivalTime or Reject.");
    }

    private static bool IsKeyArn(string arn) =>
        arn.Length <= 256 && arn.Split(':') is ["arn", _, "kms", { Length: > 0 }, { Length: > 0 }, var key] && key.StartsWith("key/", StringComparison.Ordinal) && key.Length > 4;

    private static void CheckTags(LogShipperOptions options)
    {
        Require(options, options.GroupTags is { Count: <= 50 }, $"GroupTags has {options.GroupTags?.Count} tags; a log group has at most 50.");
        foreach ((string key, string value) in options.GroupTags!)
        {
            Require(options, key.Length is >= 1 and <= 128 && IsTagText(key), $"GroupTags has the key '{key}'; it is 1 to 128 letters, digits, spaces and _ . : / = + - @.");
            Require(options, !key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase), $"GroupTags has the key '{key}'; AWS keeps keys that begin with aws: for itself.");
            Require(options, value is { Length: <= 256 } && IsTagText(value), $"GroupTags has the value '{value}' of '{key}'; it is up to 256 letters, digits, spaces and _ . : / = + - @.");
        }
    }

    private static bool IsTagText(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsLetter(c) && !char.IsNumber(c) && !char.IsSeparator(c) && !"_.:/=+-@".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(LogShipperOptions options, bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }
}
