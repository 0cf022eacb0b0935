using IotOps.Archive.Deflate;
using IotOps.Archive.Zip;
using IotOps.Shared;

namespace IotOps.Archive;

/// <summary>
/// Writes a zip onto any stream, front to back, never seeking: entries of unknown size, beyond 4 GiB, more than 65,535 of them, compressed on several
/// threads. Any reader takes the result; one that reads from a pipe too.
/// </summary>
/// <remarks>
/// <para>One call at a time. The output stays open and is the caller's.</para>
/// <para>Bytes are compressed in independent blocks, so that the zip's bytes depend on what was written and where it was flushed, and not on the
/// number of threads or the size of the writes.</para>
/// <para>An entry of one block (<see cref="ZipStreamWriterOptions.BlockBytes"/>) at most has its sizes in its header, and is stored where deflate gains nothing. A longer
/// one has ZIP64 sizes behind it, or such of 32 bits where <see cref="ZipStreamWriterOptions.LargestEntry"/> bounds it. Times are UTC.</para>
/// <para>After an exception out of a write, an <see cref="OperationCanceledException"/> too, what reached the output is not known: every later call but
/// <see cref="DisposeAsync"/> throws. Going on is possible from an earlier <see cref="ZipCheckpoint"/>.</para>
/// </remarks>
public sealed class ZipStreamWriter : IAsyncDisposable
{
    private const uint NewlineCrc = 0x32D70693;

    // A stored block of one byte.
    private static readonly byte[] StoredNewline = [0x00, 0x01, 0x00, 0xFE, 0xFF, (byte)'\n'];

    private readonly Stream _output;
    private readonly ZipStreamWriterOptions _options;
    private readonly BlockPipeline _pipeline;
    private readonly BlockBuffer _buffer;
    private readonly EntryNames _names = new();
    private readonly List<ZipEntry> _entries = [];
    private readonly long _offset;
    private Inflater? _inflater;
    private UnfinishedEntry? _open;
    private Exception? _failure;
    private long _directoryLength;
    private bool _completed;
    private bool _disposed;

    /// <summary>Begins a zip.</summary>
    /// <param name="output">Takes it, from its position on. Stays open.</param>
    /// <param name="options">How to compress; by default balanced, on all processors.</param>
    public ZipStreamWriter(Stream output, ZipStreamWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.CanWrite)
        {
            throw new ArgumentException("The output cannot be written to.", nameof(output));
        }

        _options = (options ?? new ZipStreamWriterOptions()).Checked(nameof(options));
        _output = output;
        _pipeline = new BlockPipeline(output, _options.Threads);
        _buffer = new BlockBuffer(_options.BlockBytes);
    }

    /// <summary>Goes on with a zip that another writer began, behind a checkpoint of its.</summary>
    /// <param name="output">Takes what follows the checkpoint's <see cref="ZipCheckpoint.BytesWritten"/> bytes.</param>
    /// <param name="checkpoint">Where the other writer was.</param>
    /// <param name="options">How to compress; those of the other writer for the same bytes.</param>
    public ZipStreamWriter(Stream output, ZipCheckpoint checkpoint, ZipStreamWriterOptions? options = null)
        : this(output, options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _offset = checkpoint.BytesWritten;
        foreach (string name in checkpoint.Entries.Select(entry => entry.Name).Append(checkpoint.OpenEntry?.Name).OfType<string>())
        {
            if (!_names.TryTake(name))
            {
                throw new ArgumentException($"The checkpoint has the name '{name}' twice: it is not one that a writer made.", nameof(checkpoint));
            }
        }

        _entries.AddRange(checkpoint.Entries);
        _open = checkpoint.OpenEntry is { } open ? UnfinishedEntry.Continue(open) : null;
    }

    /// <summary>Bytes of the zip that were given to the output or wait in its buffer; those before a checkpoint count.</summary>
    public long BytesWritten => _offset + _pipeline.Output.Position + _directoryLength;

    /// <summary>Entries that are written whole. A closed one may lag behind until <see cref="FlushAsync"/> or the end.</summary>
    public IReadOnlyList<ZipEntry> Entries => _entries;

    /// <summary>Begins an entry. Nothing is written yet.</summary>
    /// <param name="name">Its name; made safe and, where another entry has it, numbered: see <see cref="ZipEntryName"/>.</param>
    /// <param name="lastWriteTime">When the content was last changed. Kept to the second.</param>
    /// <param name="profile">How hard it is compressed; null for the writer's profile.</param>
    /// <param name="largest">Plain bytes that it has at most, at least 1; null for the writer's <see cref="ZipStreamWriterOptions.LargestEntry"/>.</param>
    /// <returns>The name that the entry has in the zip.</returns>
    /// <exception cref="InvalidOperationException">Another entry is open.</exception>
    public string OpenEntry(string name, DateTimeOffset lastWriteTime, DeflateProfile? profile = null, long? largest = null)
    {
        ThrowIfUnusable();
        if (_open is not null)
        {
            throw new InvalidOperationException($"The entry before '{name}' is still open: close it first, a zip holds one after the other.");
        }

        if (profile is { } wanted && !Enum.IsDefined(wanted))
        {
            throw new ArgumentOutOfRangeException(nameof(profile), profile, "There is no such deflate profile.");
        }

        if (largest < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(largest), largest, "An entry may have at least 1 byte.");
        }

        long bound = largest ?? _options.LargestEntry;
        string taken = _names.Take(ZipEntryName.Sanitize(name));
        _open = new UnfinishedEntry(taken, lastWriteTime, profile ?? _options.Profile, bound == long.MaxValue ? null : bound);
        return taken;
    }

    /// <summary><see cref="OpenEntry"/> for code that writes to streams. Disposing the stream (asynchronously) closes the entry.</summary>
    /// <inheritdoc cref="OpenEntry"/>
    /// <returns>Takes the entry's plain bytes, by its asynchronous methods alone.</returns>
    public Stream OpenEntryStream(string name, DateTimeOffset lastWriteTime, DeflateProfile? profile = null, long? largest = null)
    {
        OpenEntry(name, lastWriteTime, profile, largest);
        return new EntryStream(this);
    }

    /// <summary>Adds plain bytes to the open entry. They are copied: the memory is the caller's again when this returns.</summary>
    /// <exception cref="InvalidOperationException">No entry is open, an earlier write failed, or the entry was bound to fewer bytes.</exception>
    /// <param name="bytes">Any number.</param>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        UnfinishedEntry entry = RequireOpen();
        try
        {
            entry.Give(bytes.Length);
            while (!bytes.IsEmpty)
            {
                if (_buffer.IsFull)
                {
                    await SealAsync(entry, continues: true, cancellationToken).ConfigureAwait(false);
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

    /// <summary>
    /// Adds what a gzip source holds to the open entry, without compressing it again: its deflate blocks become the entry's. They are inflated on the
    /// way, so that the entry holds nothing that was not found good.
    /// </summary>
    /// <param name="gzip">One or more gzip members of any length, read to its end; stays open.</param>
    /// <param name="options">How much is looked at before the first of it is written, and more.</param>
    /// <param name="cancellationToken">Ends reading and writing.</param>
    /// <exception cref="InvalidDataException">
    /// It is no gzip, torn, or not what its trailers say. Of a source no longer than <see cref="GzipSpliceOptions.BufferBytes"/> nothing was written, and
    /// the entry goes on as if it had not been there. Of a longer one what came before the fault stays in the entry, ended cleanly, and the message says
    /// how much that is; the entry can go on behind it, too. The same holds when reading the source fails.
    /// </exception>
    public ValueTask<GzipSpliceResult> AppendGzipAsync(
        Stream gzip, GzipSpliceOptions? options = null, CancellationToken cancellationToken = default) =>
        AppendGzipAsync(gzip, options ?? new GzipSpliceOptions(), _ => { }, cancellationToken);

    /// <param name="gzip">One or more gzip members.</param>
    /// <param name="options">As they are.</param>
    /// <param name="written">Told of the lines that are in the entry now, also when the source turned out bad behind them.</param>
    /// <param name="cancellationToken">Ends reading and writing.</param>
    internal async ValueTask<GzipSpliceResult> AppendGzipAsync(
        Stream gzip, GzipSpliceOptions options, Action<long> written, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gzip);
        options.Checked(nameof(options));
        UnfinishedEntry entry = RequireOpen();
        using var splice = new GzipSplice(gzip, _inflater ??= new Inflater(), options.BufferBytes);
        IReadOnlyList<ReadOnlyMemory<byte>> pieces = await splice.NextAsync(cancellationToken).ConfigureAwait(false);
        if (pieces.Count == 0)
        {
            return new GzipSpliceResult(splice.Members, Length: 0, Lines: 0, CompressedLength: 0, AddedNewline: false);
        }

        long before;
        bool newline;
        try
        {
            await SealAsync(entry, continues: false, cancellationToken).ConfigureAwait(false);
            await _pipeline.DrainAsync(cancellationToken).ConfigureAwait(false);
            before = BytesWritten;
            long given = 0;
            while (pieces.Count > 0)
            {
                entry.Give(splice.Length - given);
                given = splice.Length;
                foreach (ReadOnlyMemory<byte> piece in pieces)
                {
                    await _pipeline.Output.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                }

                pieces = await splice.NextAsync(cancellationToken).ConfigureAwait(false);
            }

            entry.Give(splice.Length - given);
            entry.Add(splice.Crc, splice.Length, BytesWritten - before);
            newline = options.EndWithNewline && splice.Length > 0 && splice.LastByte != '\n';
            if (newline)
            {
                entry.Give(1);
                await _pipeline.Output.WriteAsync(StoredNewline, cancellationToken).ConfigureAwait(false);
                entry.Add(NewlineCrc, 1, StoredNewline.Length);
            }
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }

        int added = newline ? 1 : 0;
        written(splice.Lines + added);
        splice.Fault?.Throw();
        return new GzipSpliceResult(splice.Members, splice.Length + added, splice.Lines + added, BytesWritten - before, newline);
    }

    /// <summary>Ends the open entry. It may reach the output later.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask CloseEntryAsync(CancellationToken cancellationToken = default)
    {
        UnfinishedEntry entry = RequireOpen();
        try
        {
            if (entry.HasHeader)
            {
                await SealAsync(entry, continues: false, cancellationToken).ConfigureAwait(false);
                await _pipeline.AddAsync(new EndStep(entry, _entries), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                DeflateBlock block = TakeBlock(entry, final: true, continues: false);
                await _pipeline.AddAsync(new SmallEntryStep(entry, block, _entries, _offset), cancellationToken).ConfigureAwait(false);
            }

            _open = null;
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>
    /// Brings all that was written onto the output, which is flushed too. Costs an open entry a block that ends early, and waits for the workers.
    /// </summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        try
        {
            if (_open is not null)
            {
                await SealAsync(_open, continues: false, cancellationToken).ConfigureAwait(false);
            }

            await _pipeline.DrainAsync(cancellationToken).ConfigureAwait(false);
            await _pipeline.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>Flushes, and tells what a new writer needs to go on from here.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask<ZipCheckpoint> CheckpointAsync(CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return new ZipCheckpoint { BytesWritten = BytesWritten, Entries = [.. _entries], OpenEntry = _open?.ToOpenEntry() };
    }

    /// <summary>Ends the zip with its directory and flushes the output. No entry may be open.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        await EndEntriesAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _directoryLength = await ZipDirectory.WriteAsync(_output, _entries, BytesWritten, cancellationToken).ConfigureAwait(false);
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
            _completed = true;
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    /// <summary>Ends this writer's part of a zip without a directory, and flushes the output: <see cref="ZipDirectory"/> joins several parts.</summary>
    /// <param name="cancellationToken">Ends waiting for workers and for the output; the writer is then lost.</param>
    public async ValueTask<ZipShard> CompleteShardAsync(CancellationToken cancellationToken = default)
    {
        await EndEntriesAsync(cancellationToken).ConfigureAwait(false);
        _completed = true;
        return new ZipShard([.. _entries], BytesWritten);
    }

    /// <summary>Waits for the workers and gives memory back. Without a completing call before, the output holds a zip without its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _pipeline.DisposeAsync().ConfigureAwait(false);
            _buffer.Dispose();
        }
    }

    private async ValueTask EndEntriesAsync(CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        if (_open is not null)
        {
            throw new InvalidOperationException("An entry is still open: close it before the zip is completed.");
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // What has gathered of the entry goes to the workers; from here on its header is one that does not know the sizes.
    private async ValueTask SealAsync(UnfinishedEntry entry, bool continues, CancellationToken cancellationToken)
    {
        if (!entry.HasHeader)
        {
            entry.HasHeader = true;
            _pipeline.Add(new HeaderStep(entry, _offset));
        }

        if (!_buffer.IsEmpty)
        {
            DeflateBlock block = TakeBlock(entry, final: false, continues);
            await _pipeline.AddAsync(new BlockStep(entry, block), cancellationToken).ConfigureAwait(false);
        }
    }

    private DeflateBlock TakeBlock(UnfinishedEntry entry, bool final, bool continues)
    {
        DeflateBlock block = _buffer.Take(entry.Profile, final, continues);
        _pipeline.Start(block);
        return block;
    }

    private UnfinishedEntry RequireOpen()
    {
        ThrowIfUnusable();
        return _open ?? throw new InvalidOperationException("No entry is open: call OpenEntry first.");
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw new InvalidOperationException(
                "An earlier write failed, so what reached the output is not known: begin the zip anew, or go on from a checkpoint.", _failure);
        }

        if (_completed)
        {
            throw new InvalidOperationException("The zip is complete: nothing can be added to it.");
        }
    }
}
