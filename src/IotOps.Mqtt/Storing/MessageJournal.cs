using IotOps.Shared;

namespace IotOps.Mqtt.Storing;

/// <summary>
/// The file behind the messages that wait. Writes that come together share one flush. What is done is written with the next message, or when
/// nothing else is to do: after a crash a message may go twice, and none is lost. One writer at a time.
/// </summary>
internal sealed class MessageJournal : IDisposable
{
    private const int LongestRecord = 512 << 20;
    private const long LeastFile = 1 << 20;
    private static readonly JournalFormat Format = new("IOTMQOB1", LongestRecord);

    private readonly DurablePublisherOptions _options;
    private readonly DirectoryLock _lock;
    private readonly AppendJournal _journal;
    private long _limit = LeastFile;

    /// <param name="options">Where.</param>
    /// <param name="replay">Called with each record there is.</param>
    /// <param name="damage">What could not be read, which is then kept beside the file; null when all was well.</param>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public MessageJournal(DurablePublisherOptions options, Action<ReadOnlySpan<byte>> replay, out JournalDamage? damage)
    {
        _options = options;
        _lock = new DirectoryLock(options.FileSystem, options.Directory, "durable publisher");
        try
        {
            string path = Path.Combine(options.Directory, "messages");
            _journal = AppendJournal.Open(options.FileSystem, path, Format, replay, out damage);
            if (damage is { IsTornEnd: false })
            {
                options.FileSystem.File.Copy(path, path + ".damaged", overwrite: true);
            }
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Writes records in one piece.</summary>
    /// <param name="records">New messages, and numbers of those that are done.</param>
    /// <param name="flush">Waits for the disk, where the options want it.</param>
    /// <param name="live">All messages that are not done, the new ones not included.</param>
    /// <exception cref="IOException">The disk refused; nothing of it counts.</exception>
    public void Write(IEnumerable<byte[]> records, bool flush, Func<IEnumerable<StoredMessage>> live)
    {
        if (!_journal.IsWritable || _journal.Length > _limit)
        {
            _journal.Compact(live().Select(message => message.Record));
            _limit = Math.Max(LeastFile, 2 * _journal.Length);
        }

        foreach (byte[] record in records)
        {
            _journal.Add(record);
        }

        _journal.Commit(flush && _options.FlushToDisk);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _lock.Dispose();
    }
}
