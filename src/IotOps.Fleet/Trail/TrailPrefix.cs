using System.Runtime.CompilerServices;

namespace IotOps.Fleet.Trail;

/// <summary>Log files in a bucket, requested a few ahead of the one that is read.</summary>
internal static class TrailPrefix
{
    public static async IAsyncEnumerable<TrailSource> SourcesAsync(
        ITrailObjects objects, string bucket, string prefix, int ahead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<string> keys = KeysAsync(objects, bucket, prefix, cancellationToken);
        await foreach (TrailSource source in AheadAsync(objects, bucket, keys, ahead, cancellationToken).ConfigureAwait(false))
        {
            yield return source;
        }
    }

    /// <summary>Sources of keys, of which the next few are being requested already.</summary>
    public static async IAsyncEnumerable<TrailSource> AheadAsync(
        ITrailObjects objects, string bucket, IAsyncEnumerable<string> keys, int ahead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = new Queue<(string Key, Task<TrailObject?> Opened)>();
        try
        {
            await foreach (string key in keys.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                waiting.Enqueue((key, objects.OpenAsync(bucket, key, cancellationToken)));
                if (waiting.Count > ahead)
                {
                    (string first, Task<TrailObject?> opened) = waiting.Dequeue();
                    yield return Source(objects, bucket, first, opened);
                }
            }

            while (waiting.TryDequeue(out (string Key, Task<TrailObject?> Opened) next))
            {
                yield return Source(objects, bucket, next.Key, next.Opened);
            }
        }
        finally
        {
            // Whoever stopped reading early left requests under way.
            foreach ((_, Task<TrailObject?> opened) in waiting)
            {
                await ForgetAsync(opened).ConfigureAwait(false);
            }
        }
    }

    private static async IAsyncEnumerable<string> KeysAsync(
        ITrailObjects objects, string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TrailObjectInfo found in objects.ListAsync(bucket, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (TrailKey.IsLogFile(found.Key))
            {
                yield return found.Key;
            }
        }
    }

    // The first opening takes the request that is under way; another one asks again.
    private static TrailSource Source(ITrailObjects objects, string bucket, string key, Task<TrailObject?> opened)
    {
        Task<TrailObject?>? first = opened;
        return new TrailSource($"s3://{bucket}/{key}", async cancellationToken =>
        {
            Task<TrailObject?> task = Interlocked.Exchange(ref first, null) ?? objects.OpenAsync(bucket, key, cancellationToken);
            return (await task.ConfigureAwait(false))?.Body;
        });
    }

    private static async Task ForgetAsync(Task<TrailObject?> opened)
    {
        await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opened.IsCompletedSuccessfully && await opened.ConfigureAwait(false) is { } left)
        {
            await left.DisposeAsync().ConfigureAwait(false);
        }
    }
}
