using IotOps.Aws;

namespace IotOps.Archive.Fetching;

/// <summary>Gets one object's bytes whole, whatever the network does: tries again, and goes on behind the bytes it has.</summary>
internal sealed class ObjectFetcher(ILogObjectReader reader, Retries retries, TimeSpan timeout, TimeProvider timeProvider)
{
    /// <summary>Gets an object.</summary>
    /// <param name="logObject">The object.</param>
    /// <param name="buffer">Asked for room; gives none when nobody wants more.</param>
    /// <param name="received">Told of each run of bytes in the room given last; false ends the fetch.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <exception cref="AwsException">It could not be had.</exception>
    public async Task FetchAsync(
        LogObject logObject, Func<Memory<byte>> buffer, Func<int, ValueTask<bool>> received, CancellationToken cancellationToken)
    {
        long offset = 0;
        int failures = 0;
        while (offset < logObject.Size)
        {
            AwsException failure;
            long before = offset;
            using var attempt = new CancellationTokenSource(timeout, timeProvider);
            using CancellationTokenRegistration caller =
                cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), attempt);
            try
            {
                Stream body = await reader.OpenAsync(logObject, offset, attempt.Token).ConfigureAwait(false);
                await using (body.ConfigureAwait(false))
                {
                    int count;
                    while (offset < logObject.Size && (count = await body.ReadAsync(Room(buffer(), logObject.Size - offset), attempt.Token).ConfigureAwait(false)) > 0)
                    {
                        offset += count;

                        // Whoever takes the bytes may take its time.
                        attempt.CancelAfter(Timeout.InfiniteTimeSpan);
                        if (!await received(count).ConfigureAwait(false))
                        {
                            return;
                        }

                        attempt.CancelAfter(timeout);
                    }
                }

                if (offset == logObject.Size)
                {
                    break;
                }

                failure = GetObjectError.Unreachable(logObject, new IOException($"the body ended after {offset} of {logObject.Size} bytes"));
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                failure = GetObjectError.Unreachable(logObject, new TimeoutException($"nothing came for {timeout.TotalSeconds:0} s", e));
            }
            catch (IOException e)
            {
                failure = GetObjectError.Unreachable(logObject, e);
            }
            catch (AwsException e) when (e.IsTransient)
            {
                failure = e;
            }

            cancellationToken.ThrowIfCancellationRequested();
            failures = offset > before ? 1 : failures + 1;
            if (!retries.TrySpend(failures))
            {
                throw failure;
            }

            await retries.WaitAsync(failure, failures, cancellationToken).ConfigureAwait(false);
        }

        retries.Succeeded();
    }

    private static Memory<byte> Room(Memory<byte> buffer, long left) => buffer.Length > left ? buffer[..(int)left] : buffer;
}
