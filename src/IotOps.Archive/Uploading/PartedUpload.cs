using IotOps.Shared;

namespace IotOps.Archive.Uploading;

/// <summary>
/// An object that is uploaded while it is being written, in parts whose ends its writer decides: it asks whether one is due and
/// cuts where it could go on from later. What fits into one part is put at once. One writes; a few parts upload meanwhile.
/// </summary>
internal sealed class PartedUpload : WriteOnlyStream
{
    private readonly BucketClient _bucket;
    private readonly PartedUploadOptions _options;
    private readonly SortedDictionary<int, UploadedPart> _uploaded = [];
    private readonly Dictionary<int, Task> _underWay = [];
    private readonly CancellationTokenSource _stop = new();
    private PartBuffer _part;
    private int _number;

    /// <param name="bucket">Where the object goes.</param>
    /// <param name="options">Its key, its parts.</param>
    /// <param name="done">Parts that an earlier run uploaded: from 1, without a gap.</param>
    public PartedUpload(BucketClient bucket, PartedUploadOptions options, IReadOnlyList<UploadedPart> done)
    {
        _bucket = bucket;
        _options = options;
        UploadId = options.UploadId;
        IsBegun = UploadId is not null;
        foreach (UploadedPart part in done)
        {
            _uploaded.Add(part.Number, part);
        }

        _number = options.FirstPart + done.Count;
        Total = done.Sum(p => p.Size);
        _part = NewPart();
    }

    /// <summary>Null until the first part is cut.</summary>
    public string? UploadId { get; private set; }

    /// <summary>True once S3 may have an upload, also one whose answer never came.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Bytes written, those of earlier runs included.</summary>
    public long Total { get; private set; }

    /// <summary>True when the part is long enough to be cut.</summary>
    public bool IsDue => _part.Length >= _options.Plan.SizeOf(_number - _options.FirstPart + 1);

    /// <summary>Bytes since the last cut.</summary>
    public long PartLength => _part.Length;

    /// <summary>The parts that S3 has, up to the first that it does not have yet.</summary>
    public IReadOnlyList<UploadedPart> Settled()
    {
        lock (_uploaded)
        {
            return [.. _uploaded.Values.TakeWhile((part, i) => part.Number == i + _options.FirstPart)];
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A writer that never finds a good place to cut must not outgrow what S3 takes as a part.
        long room = Math.Min(PartPlan.LargestPart, (2 * _options.Plan.SizeOf(_number - _options.FirstPart + 1)) + (16 << 20)) - _part.Length;
        while (buffer.Length > room)
        {
            await _part.AppendAsync(buffer[..(int)room], cancellationToken).ConfigureAwait(false);
            Total += room;
            buffer = buffer[(int)room..];
            await CutAsync(cancellationToken).ConfigureAwait(false);
            room = _options.Plan.SizeOf(_number - _options.FirstPart + 1);
        }

        await _part.AppendAsync(buffer, cancellationToken).ConfigureAwait(false);
        Total += buffer.Length;
    }

    /// <summary>Ends the part here and begins to upload it; waits while too many are under way.</summary>
    /// <returns>The number of the part that was cut.</returns>
    public async Task<int> CutAsync(CancellationToken cancellationToken)
    {
        if (_number > _options.LastPart)
        {
            throw new InvalidOperationException($"{_options.Key} needs more than its {_options.LastPart - _options.FirstPart + 1} parts: it is longer than S3 takes, or split too often. Export fewer days at once.");
        }

        IsBegun = true;
        UploadId ??= await _options.CreateAsync(cancellationToken).ConfigureAwait(false);
        await MakeRoomAsync(cancellationToken).ConfigureAwait(false);
        int number = _number++;
        _underWay.Add(number, UploadAsync(number, _part));
        _part = NewPart();
        return number;
    }

    /// <summary>Waits until so few parts are under way that another may begin.</summary>
    public async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        while (_underWay.Count >= _options.ParallelParts)
        {
            await Task.WhenAny(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            await CollectAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all parts that were cut are with S3.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (_underWay.Count > 0)
        {
            await Task.WhenAny(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
            await CollectAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until no part is under way, also when one of them failed: the others count.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The bytes since the last cut, for whoever joins them to others. They are shorter than a part that is due.</summary>
    public async Task<byte[]> RestAsync(CancellationToken cancellationToken)
    {
        byte[] rest = new byte[_part.Length];
        Stream source = _part.OpenRead();
        await using (source.ConfigureAwait(false))
        {
            await source.ReadExactlyAsync(rest, cancellationToken).ConfigureAwait(false);
        }

        return rest;
    }

    /// <summary>Uploads what is left and makes the object.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (UploadId is null)
        {
            await _bucket.PutAsync(_options.Key, _part.OpenRead, _options.ContentType, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_part.Length > 0)
        {
            await CutAsync(cancellationToken).ConfigureAwait(false);
        }

        await SettleAsync(cancellationToken).ConfigureAwait(false);
        await _bucket.CompleteAsync(_options.Key, UploadId, [.. _uploaded.Values], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the uploads of parts that are under way, without waiting for S3.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_underWay.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underWay.Clear();
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _part.Dispose();
        _stop.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    // Parts end in any order, and a part counts from the moment that it has arrived.
    private async Task UploadAsync(int number, PartBuffer content)
    {
        using (content)
        {
            UploadedPart part = await _bucket.UploadPartAsync(_options.Key, UploadId!, number, content, _stop.Token).ConfigureAwait(false);
            lock (_uploaded) { _uploaded[part.Number] = part; }
        }
    }

    private async Task CollectAsync()
    {
        foreach (int number in _underWay.Where(p => p.Value.IsCompleted).Select(p => p.Key).ToArray())
        {
            await _underWay[number].ConfigureAwait(false);
            _underWay.Remove(number);
        }
    }

    private PartBuffer NewPart() => new(_options.SpoolDirectory, _options.Plan.SizeOf(_number - _options.FirstPart + 1));
}
