using System.Text.Json;
using IotOps.Archive.Zip;

namespace IotOps.Archive;

/// <summary>
/// All that a <see cref="ZipStreamWriter"/> needs to go on elsewhere, in another process too: take it with <see cref="ZipStreamWriter.CheckpointAsync"/>, keep the
/// first <see cref="BytesWritten"/> bytes of the output, and construct a new writer with it whose output begins right behind them.
/// </summary>
public sealed record ZipCheckpoint
{
    /// <summary>Bytes of the zip up to here. All of them have reached the output.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>Entries that are whole, in order.</summary>
    public required IReadOnlyList<ZipEntry> Entries { get; init; }

    /// <summary>The entry that goes on behind the checkpoint; null between entries.</summary>
    public ZipOpenEntry? OpenEntry { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="InvalidDataException">It is no checkpoint.</exception>
    public static ZipCheckpoint FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ZipJson.Default.ZipCheckpoint)
                ?? throw new InvalidDataException("The checkpoint is null: begin the zip anew.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The checkpoint cannot be read ({e.Message}): begin the zip anew.", e);
        }
    }

    /// <summary>The checkpoint as UTF-8 JSON, about 250 bytes an entry.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ZipJson.Default.ZipCheckpoint);
}
