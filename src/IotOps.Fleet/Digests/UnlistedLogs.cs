using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Digests;

/// <summary>
/// Finds log files that no digest lists. A digest lists the files that were delivered in its hour; the minute in a file's name is a little before
/// that.
/// </summary>
/// <param name="bucket">The bucket.</param>
/// <param name="chains">The trails that deliver into the folder; a file may be of any of them.</param>
/// <param name="listed">What the valid digests list.</param>
/// <param name="range">The range.</param>
/// <param name="findings">Gets what is found.</param>
internal sealed class UnlistedLogs(string bucket, IReadOnlyList<DigestChain> chains, ListedLogs listed, DigestRange range, DigestFindings findings)
{
    // From a file's name to its delivery.
    private static readonly TimeSpan Delivery = TimeSpan.FromMinutes(15);

    private readonly DateTimeOffset _newest = chains.Max(chain => chain.Newest);

    /// <summary>Looks at a file of the folder.</summary>
    public void Look(TrailObjectInfo log)
    {
        if (listed.Contains(log.Key))
        {
            return;
        }

        if (TrailKey.TimeOf(log.Key) is not { } time)
        {
            // Nothing but log files lies in these folders.
            Report(log.Key, "no digest lists it, and it has no name of CloudTrail's");
            return;
        }

        if (time < range.Since || time >= range.Until)
        {
            return;
        }

        if (!chains.All(chain => IsCovered(chain, time)))
        {
            return;
        }

        if (MayComeLater(time, log.LastModified))
        {
            findings.AddNotYetListed();
            return;
        }

        Report(log.Key, "it lies in an hour whose digests are all valid, and none of them lists it");
    }

    // In the hour of a valid digest; near its end only when the next hour's is valid as well, because that one may list it.
    private static bool IsCovered(DigestChain chain, DateTimeOffset time)
    {
        foreach ((DateTimeOffset start, DateTimeOffset end) in chain.Covered)
        {
            if (time >= start && time < end)
            {
                return end == chain.Newest || time < end - Delivery || chain.Covered.Exists(next => next.Start <= end && next.End > end);
            }
        }

        return false;
    }

    // Delivered after the newest digest, soon after the time in its name: the next digest will list it. What was put there much later was not CloudTrail.
    private bool MayComeLater(DateTimeOffset time, DateTimeOffset? stored) =>
        stored is { } at && at > _newest && time >= _newest - DigestRange.Hour && at < time + (2 * DigestRange.Hour);

    private void Report(string key, string detail) => findings.Add(new DigestProblem(bucket, key, DigestProblemReason.UnlistedLog, detail));
}
