using System.Text;
using System.Text.Json;

namespace IotOps.Emulator.Logs;

/// <summary>A stream on disk: a line of JSON that names it, then one for each batch. Guarded by its stream's lock.</summary>
internal sealed class LogFile(string path)
{
    public string Path { get; } = path;

    public void Create(string stream, long createdAt) => AppendLine(FileMode.Create, json =>
    {
        json.WriteString("stream"u8, stream);
        json.WriteNumber("createdAt"u8, createdAt);
    });

    public void Append(LogBatch batch) => AppendLine(FileMode.Append, json =>
    {
        json.WriteNumber("ingestion"u8, batch.Ingestion);
        json.WriteStartArray("events"u8);
        for (int i = 0; i < batch.Count; i++)
        {
            json.WriteStartArray();
            json.WriteNumberValue(batch.Timestamps[i]);
            json.WriteStringValue(batch.Message(i));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    public void Delete() => File.Delete(Path);

    /// <summary>The stream with its batches; null when not even its name was written whole.</summary>
    /// <param name="number">Numbers the events of a batch of so many.</param>
    public LogStream? Read(Func<int, long> number)
    {
        LogStream? stream = null;
        long good = 0;
        foreach (string line in File.ReadLines(Path))
        {
            using JsonDocument? document = Parse(line);
            if (document is null)
            {
                // A run that was killed leaves at most its last line torn, and that batch was never answered.
                break;
            }

            good += Encoding.UTF8.GetByteCount(line) + 1;
            JsonElement root = document.RootElement;
            if (stream is null)
            {
                stream = new LogStream(root.GetProperty("stream").GetString()!, root.GetProperty("createdAt").GetInt64(), this);
            }
            else
            {
                stream.Restore(Batch(root, number));
            }
        }

        EndAt(good);
        return stream;
    }

    // What is appended next must start a line.
    private void EndAt(long good)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Write);
        if (file.Length < good)
        {
            file.Position = file.Length;
            file.Write("\n"u8);
        }
        else
        {
            file.SetLength(good);
        }
    }

    private static LogBatch Batch(JsonElement root, Func<int, long> number)
    {
        JsonElement events = root.GetProperty("events");
        int count = events.GetArrayLength();
        int[] ends = new int[count];
        long[] timestamps = new long[count];
        using var messages = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            timestamps[i] = events[i][0].GetInt64();
            messages.Write(Encoding.UTF8.GetBytes(events[i][1].GetString()!));
            ends[i] = (int)messages.Length;
        }

        return new LogBatch(messages.ToArray(), ends, timestamps, root.GetProperty("ingestion").GetInt64(), number(count));
    }

    private static JsonDocument? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void AppendLine(FileMode mode, Action<Utf8JsonWriter> write)
    {
        using var file = new FileStream(Path, mode, FileAccess.Write);
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        file.Write("\n"u8);
    }
}
