using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Archive;
using IotOps.Detect.Evidence;

namespace IotOps.Detect;

/// <summary>
/// Writes the evidence of an incident as one zip, front to back: the files in the order in which they are added, each in the folder of its kind, then a
/// manifest with the SHA-256 of each, and the manifest's own. A file is hashed while it is copied; of it 64 KiB are in memory, and what the zip's
/// compression holds. One call at a time.
/// </summary>
public sealed class EvidenceBundleWriter : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly HashingOutput _output;
    private readonly ZipStreamWriter _zip;
    private readonly DateTimeOffset _createdAt;
    private readonly string _incident;
    private readonly List<EvidenceFile> _files = [];

    /// <summary>Begins a bundle.</summary>
    /// <param name="output">Takes the zip; stays open and the caller's.</param>
    /// <param name="incident">The incident's name, for the manifest.</param>
    /// <param name="timeProvider">Clock of the bundle; null is the machine's.</param>
    public EvidenceBundleWriter(Stream output, string incident, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentException.ThrowIfNullOrEmpty(incident);
        _createdAt = (timeProvider ?? TimeProvider.System).GetUtcNow();
        _incident = incident;
        _output = new HashingOutput(output);
        _zip = new ZipStreamWriter(_output);
    }

    /// <summary>Adds a file.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name, with folders or without; unsafe characters are replaced, and one that is taken gets a number.</param>
    /// <param name="content">Its bytes, read to their end; stays the caller's.</param>
    /// <param name="cancellationToken">Ends the writing; the bundle is then of no use.</param>
    /// <returns>What the manifest says about it.</returns>
    /// <exception cref="IOException">The content cannot be read, or the output not written.</exception>
    public async Task<EvidenceFile> AddAsync(EvidenceKind kind, string name, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(content);
        string taken = _zip.OpenEntry($"{EvidenceLayout.Folder(kind)}/{name}", _createdAt);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
                await _zip.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await _zip.CloseEntryAsync(cancellationToken).ConfigureAwait(false);
        var file = new EvidenceFile(taken, kind, length, Convert.ToHexStringLower(hash.GetCurrentHash()));
        _files.Add(file);
        return file;
    }

    /// <summary>Adds a quarantine: its plan as text and as JSON, and its journal as JSON, one entry a line.</summary>
    /// <param name="entries">The journal, as <see cref="IQuarantineJournal.ReadAsync"/> answers; not empty.</param>
    /// <param name="cancellationToken">Ends the writing; the bundle is then of no use.</param>
    /// <exception cref="ArgumentException">There are no entries, or the first has no plan.</exception>
    public async Task AddQuarantineAsync(IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        QuarantinePlan plan = (entries.Count == 0 ? null : entries[0].Plan) ?? throw new ArgumentException("A quarantine's journal begins with its plan.", nameof(entries));
        await AddAsync(EvidenceKind.Plan, "plan.txt", Encoding.UTF8.GetBytes(plan.ToText()), cancellationToken).ConfigureAwait(false);
        await AddAsync(EvidenceKind.Plan, "plan.json", plan.ToUtf8Json(), cancellationToken).ConfigureAwait(false);
        using var journal = new MemoryStream();
        foreach (QuarantineEntry entry in entries)
        {
            journal.Write(entry.ToUtf8Json());
            journal.WriteByte((byte)'\n');
        }

        journal.Position = 0;
        await AddAsync(EvidenceKind.Journal, "journal.jsonl", journal, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the bundle with its manifest.</summary>
    /// <returns>What proves later that it is this one; keep it elsewhere.</returns>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task<EvidenceSeal> CompleteAsync(CancellationToken cancellationToken = default)
    {
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new EvidenceManifest(_incident, _createdAt, _files), EvidenceJson.Default.EvidenceManifest);
        string hash = Convert.ToHexStringLower(SHA256.HashData(manifest));
        await WriteOwnAsync(EvidenceLayout.Manifest, manifest, cancellationToken).ConfigureAwait(false);
        await WriteOwnAsync(EvidenceLayout.ManifestHash, Encoding.ASCII.GetBytes(EvidenceLayout.Line(hash)), cancellationToken).ConfigureAwait(false);
        await _zip.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return new EvidenceSeal(hash, _output.Hash(), _output.Count);
    }

    /// <summary>Lets go of buffers. A bundle that was not completed is of no use.</summary>
    public async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AddAsync(EvidenceKind kind, string name, byte[] content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content);
        await AddAsync(kind, name, stream, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteOwnAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        _zip.OpenEntry(name, _createdAt);
        await _zip.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        await _zip.CloseEntryAsync(cancellationToken).ConfigureAwait(false);
    }
}
