using IotOps.Emulator;

namespace IotOps.Soak.Logs;

/// <summary>What was written, what arrived, and what arrived twice without need. Safe for concurrent use.</summary>
internal sealed class Ledger(AwsEmulator emulator, string group, IReadOnlyList<string> streams)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StreamLedger> _streams = streams.ToDictionary(s => s, _ => new StreamLedger(), StringComparer.Ordinal);
    private long _callsSeen;
    private int _run;

    public long Written
    {
        get { lock (_lock) { return _streams.Values.Sum(s => (long)s.Written); } }
    }

    public long SentTwice { get; private set; }

    /// <summary>Most records that one kill made one stream send twice.</summary>
    public int LargestRepeat { get; private set; }

    /// <summary>Records sent twice that were not in the last request before a kill, and texts that nobody wrote.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Takes the next number of a stream. Called before the line is written: what is half written when the soak ends counts as written.</summary>
    public int Next(string stream)
    {
        lock (_lock) { return _streams[stream].Written++; }
    }

    /// <summary>True when every record of a range has arrived, so that the only file that holds it may go.</summary>
    public bool HasArrived(string stream, int from, int to)
    {
        lock (_lock)
        {
            StreamLedger ledger = _streams[stream];
            HashSet<int> now = [];
            foreach (ReceivedLogEvent received in emulator.Logs.Events(group, stream))
            {
                if (Record.TryRead(stream, received.Message, out int number))
                {
                    now.Add(number);
                }
            }

            return Enumerable.Range(from, to - from).All(n => now.Contains(n) || ledger.Arrived.ContainsKey(n));
        }
    }

    /// <summary>Takes over what one run of the agent sent, and empties the emulator's streams. Called while no agent runs.</summary>
    public void EndRun()
    {
        lock (_lock)
        {
            long total = emulator.Logs.PutLogEventsCalls;
            List<PutLogEventsCall> calls = [.. emulator.Logs.Requests.TakeLast((int)(total - _callsSeen)).Where(c => c.AcceptedEvents > 0)];
            _callsSeen = total;
            foreach ((string stream, StreamLedger ledger) in _streams)
            {
                int[] batches = [.. calls.Where(c => c.LogStream == stream).Select(c => c.AcceptedEvents)];
                Take(stream, ledger, emulator.Logs.Events(group, stream), batches);
                if (emulator.Logs.Streams(group).Contains(stream, StringComparer.Ordinal))
                {
                    emulator.Logs.DeleteStream(group, stream);
                }
            }

            _run++;
        }
    }

    /// <summary>Records that were written and never arrived.</summary>
    public IReadOnlyList<string> Lost()
    {
        lock (_lock)
        {
            return [.. _streams.SelectMany(s => Enumerable.Range(0, s.Value.Written)
                .Where(n => !s.Value.Arrived.ContainsKey(n))
                .Select(n => $"{s.Key} {n}"))];
        }
    }

    private void Take(string stream, StreamLedger ledger, IReadOnlyList<ReceivedLogEvent> events, int[] batches)
    {
        if (events.Count != batches.Sum())
        {
            Faults.Add($"{stream}: the emulator holds {events.Count} events of requests with {batches.Sum()}");
            return;
        }

        int position = 0, repeated = 0;
        for (int batch = 0; batch < batches.Length; batch++)
        {
            for (int i = 0; i < batches[batch]; i++)
            {
                string text = events[position++].Message;
                if (!Record.TryRead(stream, text, out int number))
                {
                    Faults.Add($"{stream}: a text that nobody wrote: {text[..Math.Min(text.Length, 60)]}");
                    continue;
                }

                var arrival = new Arrival(_run, batch == batches.Length - 1);
                if (ledger.Arrived.TryAdd(number, arrival))
                {
                    continue;
                }

                repeated++;
                Arrival first = ledger.Arrived[number];
                if (first.Run == _run || !first.InLastRequest)
                {
                    Faults.Add($"{stream} {number}: sent in run {first.Run}{(first.InLastRequest ? " (last request)" : "")} and again in run {_run}");
                }

                ledger.Arrived[number] = arrival;
            }
        }

        SentTwice += repeated;
        LargestRepeat = Math.Max(LargestRepeat, repeated);
    }

    /// <summary>Where a record arrived last.</summary>
    private readonly record struct Arrival(int Run, bool InLastRequest);

    private sealed class StreamLedger
    {
        public int Written { get; set; }

        public Dictionary<int, Arrival> Arrived { get; } = [];
    }
}
