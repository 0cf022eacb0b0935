using IotOps.Fleet.Digests;

namespace IotOps.Fleet;

/// <summary>
/// Proves that a trail's log files are those that CloudTrail delivered: the digests' chain of signatures, hour by hour, and the hash of each log file.
/// Finds besides what a chain alone does not show: a newest digest that is gone, log files that no digest lists, bytes or gzip members behind a file's
/// own, and each of several digests that are gone. All trails of the bucket are validated, and their backfills.
/// See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html.
/// </summary>
/// <param name="options">What to validate.</param>
public sealed class DigestValidator(DigestValidatorOptions options)
{
    /// <summary>Validates the digests that cover a range, and the log files that they list.</summary>
    /// <param name="since">The range's beginning.</param>
    /// <param name="until">The range's end; the digest of the hour behind it is used where there is one.</param>
    /// <param name="progress">Gets the log files that are done.</param>
    /// <param name="cancellationToken">Ends the validation.</param>
    /// <exception cref="ArgumentException">The range ends before it begins.</exception>
    /// <exception cref="Aws.AwsException">S3 or CloudTrail refused a call: nothing is known then.</exception>
    public async Task<DigestReport> ValidateAsync(
        DateTimeOffset since, DateTimeOffset until, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (until <= since)
        {
            throw new ArgumentException($"The range ends ({until:u}) before it begins ({since:u}).", nameof(until));
        }

        var range = new DigestRange(since.ToUniversalTime(), until.ToUniversalTime(), options.TimeProvider.GetUtcNow());
        var findings = new DigestFindings(progress);
        using var validation = new DigestValidation(options, range, findings);
        await validation.RunAsync(cancellationToken).ConfigureAwait(false);
        return findings.ToReport();
    }
}
