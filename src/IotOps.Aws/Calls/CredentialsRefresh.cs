using Amazon.Runtime;

namespace IotOps.Aws.Calls;

/// <summary>
/// Drops credentials that a service refused, once for each access key: when a hundred calls fail together, only the first
/// may drop the keys, or the others would drop their successors.
/// </summary>
/// <param name="refreshable">The credentials in use, asked at each refusal; null when their keys cannot be replaced.</param>
/// <param name="timeProvider">Clock of the pause between two drops of the same key.</param>
internal sealed class CredentialsRefresh(Func<RefreshingAWSCredentials?> refreshable, TimeProvider timeProvider)
{
    private static readonly TimeSpan SameKeyAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private string? _dropped;
    private long _droppedAt;

    /// <summary>True when the next attempt may be signed with other keys than the refused ones.</summary>
    public bool TryDrop(string? accessKey)
    {
        if (accessKey is null || refreshable() is not { } refreshing)
        {
            return false;
        }

        lock (_lock)
        {
            bool droppedBefore = string.Equals(_dropped, accessKey, StringComparison.Ordinal);
            if (!droppedBefore || timeProvider.GetElapsedTime(_droppedAt) >= SameKeyAgain)
            {
                _dropped = accessKey;
                _droppedAt = timeProvider.GetTimestamp();
                refreshing.ClearCredentials();
            }

            return true;
        }
    }
}
