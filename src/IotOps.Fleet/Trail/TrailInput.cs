using IotOps.Shared;

namespace IotOps.Fleet.Trail;

/// <summary>
/// Fills a buffer with the plain bytes of one file, gzip or not. CloudTrail writes one gzip member a file; anything else is reported, and what
/// comes before is passed on.
/// </summary>
internal sealed class TrailInput : IDisposable
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly PlainBuffer _buffer;
    private readonly Action<CloudTrailProblemKind, long?, string> _report;
    private readonly GzipMembers _members;
    private bool _hasBegun;
    private bool _isPlain;

    /// <param name="stream">The file; disposed with this.</param>
    /// <param name="name">Its name: one that ends with .gz promises gzip.</param>
    /// <param name="inflater">Writes to <paramref name="buffer"/>.</param>
    /// <param name="buffer">Gets the plain bytes.</param>
    /// <param name="report">Gets what is wrong with the gzip.</param>
    public TrailInput(Stream stream, string name, Inflater inflater, PlainBuffer buffer, Action<CloudTrailProblemKind, long?, string> report)
    {
        _stream = stream;
        _name = name;
        _buffer = buffer;
        _report = report;
        _members = new GzipMembers(stream, inflater, FirstMember.ReadBytes);
    }

    /// <summary>Whether the file has ended, or cannot be read further.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether it ended in a way that was reported.</summary>
    public bool IsTold { get; private set; }

    /// <summary>Adds to the buffer, or finds the end.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isPlain)
            {
                await FillPlainAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            await FirstMember.ReadAsync(_members, cancellationToken).ConfigureAwait(false);
            if (!_hasBegun && !IsGzip())
            {
                return;
            }

            _hasBegun = true;
            if (FirstMember.Inflate(_members))
            {
                IsLast = true;
                Tell(await FirstMember.LookBehindAsync(_members, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (InvalidDataException e)
        {
            End(CloudTrailProblemKind.GzipDamaged, $"the gzip is damaged; the records before are kept. {e.Message}");
        }
        catch (IOException e)
        {
            End(CloudTrailProblemKind.Unreadable, $"it cannot be read further: {e.Message}");
        }
    }

    public void Dispose()
    {
        _members.Dispose();
        _stream.Dispose();
    }

    private void Tell(GzipTail tail)
    {
        if (tail == GzipTail.Member)
        {
            _report(CloudTrailProblemKind.GzipExtraMember, null, "a second gzip member follows, which CloudTrail never writes; it was not read");
        }
        else if (tail == GzipTail.Garbage)
        {
            _report(CloudTrailProblemKind.GzipTrailingData, null, "bytes follow the gzip; they were not read");
        }
    }

    // What is no gzip is read as it is when it looks like JSON.
    private bool IsGzip()
    {
        ReadOnlySpan<byte> first = _members.Held.Span;
        if (GzipHeader.IsAt(first, 0) || (first.Length == 1 && first[0] == 0x1F))
        {
            return true;
        }

        _hasBegun = true;
        _isPlain = true;
        if (_name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            bool isJson = first is [(byte)'{' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF, ..];
            _report(CloudTrailProblemKind.NotGzip, null, first.IsEmpty ? "it is empty" : isJson ? "it is no gzip but plain JSON, which was read" : "it is no gzip");
            if (!isJson)
            {
                IsLast = true;
                IsTold = true;
                return false;
            }
        }

        first.CopyTo(_buffer.GetSpan(first.Length));
        _buffer.Advance(first.Length);
        IsLast = _members.IsWhole;
        return false;
    }

    private async ValueTask FillPlainAsync(CancellationToken cancellationToken)
    {
        int read = await _stream.ReadAsync(_buffer.GetMemory(FirstMember.ReadBytes), cancellationToken).ConfigureAwait(false);
        _buffer.Advance(read);
        IsLast = read == 0;
    }

    private void End(CloudTrailProblemKind kind, string message)
    {
        IsLast = true;
        IsTold = true;
        _report(kind, _buffer.Passed + _buffer.Span.Length, message);
    }
}
