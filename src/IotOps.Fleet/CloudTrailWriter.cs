using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>Writes records to a file as they were read, byte for byte.</summary>
/// <param name="target">Gets the bytes; stays open.</param>
/// <param name="format">How.</param>
public sealed class CloudTrailWriter(Stream target, CloudTrailFileFormat format) : IAsyncDisposable
{
    private bool _hasBegun;
    private bool _isDone;

    /// <summary>Records written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes a record.</summary>
    public async ValueTask WriteAsync(CloudTrailRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        if (Count > 0 && format == CloudTrailFileFormat.Records)
        {
            await target.WriteAsync(","u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        Count++;
        if (format == CloudTrailFileFormat.Lines)
        {
            await target.WriteAsync(OneLine.Of(record.Json), cancellationToken).ConfigureAwait(false);
            await target.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await target.WriteAsync(record.Json, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the file; a second call does nothing.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_isDone)
        {
            return;
        }

        await BeginAsync(cancellationToken).ConfigureAwait(false);
        _isDone = true;
        if (format == CloudTrailFileFormat.Records)
        {
            await target.WriteAsync("]}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CompleteAsync();

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun && format == CloudTrailFileFormat.Records)
        {
            await target.WriteAsync("{\"Records\":["u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        _hasBegun = true;
    }
}
