using System.Buffers;
using System.IO.Abstractions;
using System.Text.Json;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Sending;

/// <summary>
/// Events the service refused as invalid, one JSON object a line in <c>quarantine/events.jsonl</c>. At <paramref name="limit"/> bytes the file
/// becomes <c>events.1.jsonl</c>, in place of the one before. Safe for concurrent use.
/// </summary>
internal sealed class Quarantine(IFileSystem fileSystem, string directory, ILogger logger, long limit = 8L << 20)
{
    private readonly Lock _gate = new();
    private readonly string _path = fileSystem.Path.Combine(directory, "events.jsonl");
    private readonly string _older = fileSystem.Path.Combine(directory, "events.1.jsonl");

    /// <summary>Closes what an older version left to others than its owner.</summary>
    public void Close()
    {
        PrivateFiles.Close(fileSystem, _path);
        PrivateFiles.Close(fileSystem, _older);
    }

    /// <summary>Keeps an event.</summary>
    public void Add(LogDestination destination, long timestamp, ReadOnlySpan<byte> message, string code, string error)
    {
        var line = new ArrayBufferWriter<byte>(message.Length + 256);
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("group"u8, destination.Group);
            writer.WriteString("stream"u8, destination.Stream);
            writer.WriteNumber("timestamp"u8, timestamp);
            writer.WriteString("message"u8, message);
            writer.WriteString("code"u8, code);
            writer.WriteString("error"u8, error);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (_gate)
        {
            try
            {
                PrivateFiles.CreateDirectory(fileSystem, directory);
                if (fileSystem.FileInfo.New(_path) is { Exists: true } file && file.Length + line.WrittenCount > limit)
                {
                    fileSystem.File.Move(_path, _older, overwrite: true);
                }

                using Stream stream = PrivateFiles.Open(fileSystem, _path, FileMode.Append, FileAccess.Write, FileShare.Read);
                stream.Write(line.WrittenSpan);
                Log.EventQuarantined(logger, destination.Group, destination.Stream, code, _path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.QuarantineFailed(logger, _path, e);
            }
        }
    }
}
