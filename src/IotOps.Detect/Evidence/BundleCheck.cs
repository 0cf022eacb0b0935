using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IotOps.Detect.Evidence;

/// <summary>One check of one bundle.</summary>
internal sealed class BundleCheck(Stream bundle, EvidenceSeal? seal)
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxManifestBytes = 256 << 20;
    private const int EndBytes = 22;
    private const uint EndMark = 0x06054B50;

    private readonly List<EvidenceProblem> _problems = [];
    private string _manifestHash = "";

    public async Task<EvidenceVerdict> RunAsync(CancellationToken stop)
    {
        bundle.Position = 0;
        string whole = Convert.ToHexStringLower(await SHA256.HashDataAsync(bundle, stop).ConfigureAwait(false));
        EvidenceManifest? manifest = await ReadAsync(stop).ConfigureAwait(false);
        var found = new EvidenceSeal(_manifestHash, whole, bundle.Length);
        CompareSeal(found);
        return new EvidenceVerdict(manifest, found, _problems);
    }

    private async Task<EvidenceManifest?> ReadAsync(CancellationToken stop)
    {
        try
        {
            CheckEnd();
            bundle.Position = 0;
            using var zip = new ZipArchive(bundle, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            EvidenceManifest? manifest = await ManifestAsync(zip, stop).ConfigureAwait(false);
            if (manifest is not null)
            {
                await FilesAsync(zip, manifest, stop).ConfigureAwait(false);
            }

            return manifest;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException)
        {
            Add(EvidenceProblemKind.Unreadable, null, $"The bundle is not a zip that can be read: {e.Message}");
            return null;
        }
    }

    // A zip may end with a comment, in which a reader looks for nothing: a bundle has none.
    private void CheckEnd()
    {
        byte[] end = new byte[EndBytes];
        if (bundle.Length >= EndBytes)
        {
            bundle.Position = bundle.Length - EndBytes;
            bundle.ReadExactly(end);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndMark || end[^1] != 0 || end[^2] != 0)
        {
            Add(EvidenceProblemKind.Unreadable, null, "The bundle does not end where a zip without a comment ends: it was cut, or something was added behind it.");
        }
    }

    private async Task<EvidenceManifest?> ManifestAsync(ZipArchive zip, CancellationToken stop)
    {
        ZipArchiveEntry[] own = [.. zip.Entries.Where(entry => entry.FullName is EvidenceLayout.Manifest or EvidenceLayout.ManifestHash)];
        if (own is not [{ FullName: EvidenceLayout.Manifest } first, { FullName: EvidenceLayout.ManifestHash } second])
        {
            Add(EvidenceProblemKind.ManifestChanged, null, $"The bundle has not one {EvidenceLayout.Manifest} and behind it one {EvidenceLayout.ManifestHash}.");
            return null;
        }

        byte[]? content = await SmallAsync(first, stop).ConfigureAwait(false);
        byte[]? line = await SmallAsync(second, stop).ConfigureAwait(false);
        if (content is null || line is null)
        {
            return null;
        }

        _manifestHash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (!line.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(EvidenceLayout.Line(_manifestHash))))
        {
            Add(EvidenceProblemKind.ManifestChanged, EvidenceLayout.Manifest, $"The hash of {EvidenceLayout.Manifest} is {_manifestHash}; {EvidenceLayout.ManifestHash} says another.");
        }

        try
        {
            EvidenceManifest? manifest = JsonSerializer.Deserialize(content, EvidenceJson.Default.EvidenceManifest);
            if (manifest is { Version: 1, Files: not null } && manifest.Files.All(file => file is { Name: not null, Sha256: not null }))
            {
                return manifest;
            }

            Add(EvidenceProblemKind.ManifestChanged, EvidenceLayout.Manifest, "The manifest is not one of version 1.");
        }
        catch (JsonException e)
        {
            Add(EvidenceProblemKind.ManifestChanged, EvidenceLayout.Manifest, $"The manifest cannot be read: {e.Message}");
        }

        return null;
    }

    private async Task FilesAsync(ZipArchive zip, EvidenceManifest manifest, CancellationToken stop)
    {
        List<string> expected = [.. manifest.Files.Select(file => file.Name)];
        Dictionary<string, EvidenceFile> known = new(StringComparer.Ordinal);
        foreach (EvidenceFile file in manifest.Files)
        {
            if (!known.TryAdd(file.Name, file))
            {
                Add(EvidenceProblemKind.ManifestChanged, file.Name, $"The manifest has {file.Name} twice.");
            }
        }

        List<string> found = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.FullName is not (EvidenceLayout.Manifest or EvidenceLayout.ManifestHash)))
        {
            if (!known.TryGetValue(entry.FullName, out EvidenceFile? file))
            {
                Add(EvidenceProblemKind.FileAdded, entry.FullName, $"{entry.FullName} is not in the manifest.");
            }
            else if (!seen.Add(entry.FullName))
            {
                Add(EvidenceProblemKind.FileAdded, entry.FullName, $"{entry.FullName} is there twice.");
            }
            else
            {
                found.Add(entry.FullName);
                await FileAsync(entry, file, stop).ConfigureAwait(false);
            }
        }

        foreach (string missing in expected.Except(found, StringComparer.Ordinal))
        {
            Add(EvidenceProblemKind.FileMissing, missing, $"{missing} is in the manifest and not in the bundle.");
        }

        CompareOrder([.. expected.Where(seen.Contains).Distinct(StringComparer.Ordinal)], found);
        if (zip.Entries is not [.., { FullName: EvidenceLayout.Manifest }, { FullName: EvidenceLayout.ManifestHash }])
        {
            Add(EvidenceProblemKind.FileMoved, EvidenceLayout.Manifest, "The manifest and its hash are not at the end.");
        }
    }

    private void CompareOrder(List<string> expected, List<string> found)
    {
        for (int i = 0; i < found.Count; i++)
        {
            if (found[i] != expected[i])
            {
                Add(EvidenceProblemKind.FileMoved, found[i], $"{found[i]} is where {expected[i]} should be.");
                return;
            }
        }
    }

    private async Task FileAsync(ZipArchiveEntry entry, EvidenceFile file, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Stream content = await entry.OpenAsync(stop).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable disposal = content.ConfigureAwait(false);
            int read;
            while (length <= file.Length && (read = await content.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            Add(EvidenceProblemKind.FileChanged, file.Name, $"{file.Name} cannot be read: {e.Message}");
            return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (length != file.Length)
        {
            Add(EvidenceProblemKind.FileChanged, file.Name, $"{file.Name} has {(length > file.Length ? "more than " : "")}{Math.Min(length, file.Length)} bytes; the manifest says {file.Length}.");
        }
        else if (Convert.ToHexStringLower(hash.GetCurrentHash()) is var actual && !string.Equals(actual, file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            Add(EvidenceProblemKind.FileChanged, file.Name, $"The SHA-256 of {file.Name} is {actual}; the manifest says {file.Sha256}.");
        }
    }

    private async Task<byte[]?> SmallAsync(ZipArchiveEntry entry, CancellationToken stop)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[BufferBytes];
        try
        {
            Stream stream = await entry.OpenAsync(stop).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable disposal = stream.ConfigureAwait(false);
            int read;
            while (content.Length <= MaxManifestBytes && (read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            Add(EvidenceProblemKind.ManifestChanged, entry.FullName, $"{entry.FullName} cannot be read: {e.Message}");
            return null;
        }

        if (content.Length > MaxManifestBytes)
        {
            Add(EvidenceProblemKind.ManifestChanged, entry.FullName, $"{entry.FullName} has more than {MaxManifestBytes} bytes.");
            return null;
        }

        return content.ToArray();
    }

    private void CompareSeal(EvidenceSeal found)
    {
        if (seal is { ManifestSha256.Length: > 0 } && !string.Equals(seal.ManifestSha256, found.ManifestSha256, StringComparison.OrdinalIgnoreCase))
        {
            Add(EvidenceProblemKind.NotTheSealed, null, $"The SHA-256 of the manifest is {(found.ManifestSha256.Length == 0 ? "unknown" : found.ManifestSha256)}; the seal says {seal.ManifestSha256}.");
        }

        if (seal is { BundleSha256.Length: > 0 } && !string.Equals(seal.BundleSha256, found.BundleSha256, StringComparison.OrdinalIgnoreCase))
        {
            Add(EvidenceProblemKind.NotTheSealed, null, $"The SHA-256 of the bundle is {found.BundleSha256}; the seal says {seal.BundleSha256}.");
        }

        if (seal is { Length: >= 0 } && seal.Length != found.Length)
        {
            Add(EvidenceProblemKind.NotTheSealed, null, $"The bundle has {found.Length} bytes; the seal says {seal.Length}.");
        }
    }

    private void Add(EvidenceProblemKind kind, string? file, string message) => _problems.Add(new EvidenceProblem(kind, file, message));
}
