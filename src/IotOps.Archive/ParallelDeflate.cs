using IotOps.Archive.Deflate;

namespace IotOps.Archive;

/// <summary>
/// A raw deflate stream (RFC 1951), compressed in blocks on several threads: for zlib, gzip or HTTP framing of the caller's own. A zip is
/// <see cref="ZipStreamWriter"/>'s.
/// </summary>
/// <remarks>
/// <para>One call at a time. The output stays open and is the caller's.</para>
/// <para>There are no threads of its own: a call that finds twice as many blocks waiting as threads compress waits for the oldest. After an exception
/// out of a write what reached the output is not known, and every later call but <see cref="DisposeAsync"/> throws.</para>
/// </remarks>
public sealed class ParallelDeflate : IAsyncDisposable
{
    private readonly ZipStreamWriterOptions _options;
    private readonly BlockPipeline _pipeline;
    private readonly BlockBuffer _buffer;
    private Exception? _failure;
    private bool _completed;
    private bool _disposed;

    /// <summary>Begins a deflate stream.</summary>
    /// <param name="output">Takes it. Stays open.</param>
    /// <param name="options">How to compress; by default balanced, on all processors.</param>
    public ParallelDeflate(Stream output, ZipStreamWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        _options = (options ?? new ZipStreamWriterOptions()).Checked(nameof(options));
        _pipeline = new BlockPipeline(output, _options.Threads);
        _buffer = new BlockBuffer(_options.BlockBytes);
    }

    /// <summary>CRC-32 of the plain bytes whose blocks are written: of all of them after <see cref="FlushAsync"/> or <see cref="CompleteAsync"/>.</summary>
    public uint Crc32 { get; private set; }

    /// <summary>Plain bytes whose blocks are written.</summary>
    public long Length { get; private set; }

    /// <summary>Deflate bytes written.</summary>
    public long CompressedLength => _pipeline.Output.Position;

    /// <summary>Adds plain bytes. They are copied: the memory is the caller's again when this returns.</summary>
    /// <param name="bytes">Any number.</param>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the stream is then lost.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        try
        {
            while (!bytes.IsEmpty)
            {
                if (_buffer.IsFull)
                {
                    await SealAsync(continues: true, cancellationToken).ConfigureAwait(false);
                }

                bytes = bytes[_buffer.Add(bytes.Span)..];
            }
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>Brings all that was written onto the output, at a byte boundary (a sync flush), and flushes that.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the stream is then lost.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        try
        {
            await SealAsync(continues: false, cancellationToken).ConfigureAwait(false);
            await _pipeline.DrainAsync(cancellationToken).ConfigureAwait(false);
            await _pipeline.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>Ends the deflate stream and flushes the output.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the stream is then lost.</param>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _pipeline.Output.WriteAsync(DeflateEncoder.EndOfStream.ToArray(), cancellationToken).ConfigureAwait(false);
            await _pipeline.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            _completed = true;
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>Waits for the workers and gives memory back. Without <see cref="CompleteAsync"/> before, the stream has no end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _pipeline.DisposeAsync().ConfigureAwait(false);
            _buffer.Dispose();
        }
    }

    private async ValueTask SealAsync(bool continues, CancellationToken cancellationToken)
    {
        if (!_buffer.IsEmpty)
        {
            DeflateBlock block = _buffer.Take(_options.Profile, final: false, continues);
            _pipeline.Start(block);
            await _pipeline.AddAsync(new Step(this, block), cancellationToken).ConfigureAwait(false);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw new InvalidOperationException("An earlier write failed, so what reached the output is not known: begin anew.", _failure);
        }

        if (_completed)
        {
            throw new InvalidOperationException("The deflate stream is complete: nothing can be added to it.");
        }
    }

    private sealed class Step(ParallelDeflate owner, DeflateBlock block) : PipelineStep
    {
        public override bool IsReady => block.Done.IsCompleted;

        public override bool HoldsBlock => true;

        public override async ValueTask WriteAsync(BufferedOutput output, CancellationToken cancellationToken)
        {
            await block.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
            await output.WriteAsync(block.Compressed, cancellationToken).ConfigureAwait(false);
            owner.Crc32 = Shared.Crc32.Combine(owner.Crc32, block.Crc, block.Length);
            owner.Length += block.Length;
        }

        public override ValueTask ReleaseAsync() => block.ReleaseAsync();
    }
}
