using System.Runtime.InteropServices;
using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>What is remembered of a thing, out of its bytes and into them.</summary>
internal sealed class ThingState
{
    private const byte Version = 1;

    /// <summary>The last report that was judged; 0 for none.</summary>
    public long LastReport { get; set; }

    public long LastReportTime { get; set; }

    /// <summary>The latest differences between ids of reports that were judged one after the other, the oldest first.</summary>
    public List<long> Steps { get; } = [];

    /// <summary>Reports that were not judged yet, by id.</summary>
    public List<PendingReport> Pending { get; } = [];

    public List<BehaviorSlot> Slots { get; } = [];

    /// <summary>The first five minutes that were not judged yet; 0 before the first event.</summary>
    public long NextBucket { get; set; }

    /// <summary>What happened in those that were not judged yet, by time.</summary>
    public List<EventBucket> Buckets { get; } = [];

    public Connection Connection;

    /// <summary>Connections and disconnections in those that were not judged yet.</summary>
    public List<ConnectionChange> Changes { get; } = [];

    public List<Sketch> Sketches { get; } = [];

    /// <exception cref="InvalidDataException">The bytes are none of ours, or of a later version of this package.</exception>
    public static ThingState Read(ReadOnlyMemory<byte> bytes)
    {
        var state = new ThingState();
        if (bytes.IsEmpty)
        {
            return state;
        }

        var reader = new StateReader(bytes);
        if (reader.Byte() is var version && version != Version)
        {
            throw new InvalidDataException($"The thing's state is of version {version}; this package reads version {Version}. Run the version that wrote it, or remove the record.");
        }

        state.ReadReports(ref reader);
        state.ReadSlots(ref reader);
        state.ReadBuckets(ref reader);
        state.ReadSketches(ref reader);
        return reader.IsAtEnd ? state : throw new InvalidDataException("The thing's state is damaged: something follows its end.");
    }

    public void Write(StateWriter writer, StateWriter scratch)
    {
        writer.Clear();
        writer.Byte(Version);
        WriteReports(writer);
        WriteSlots(writer);
        WriteBuckets(writer);
        WriteSketches(writer, scratch);
    }

    /// <summary>Drops days of datapoints that no threshold ranks any more, and the oldest of the others until the rest has room.</summary>
    public void Trim(int firstDay, int sketchBytes, StateWriter scratch)
    {
        foreach (Sketch sketch in Sketches)
        {
            sketch.Days.RemoveAll(day => day.Day < firstDay);
        }

        while (Sketches.Sum(sketch => sketch.Days.Sum(day => day.ToBytes(scratch).Length)) > sketchBytes)
        {
            int oldest = Sketches.Min(sketch => sketch.Days.Count == 0 ? int.MaxValue : sketch.Days[0].Day);
            foreach (Sketch sketch in Sketches)
            {
                sketch.Days.RemoveAll(day => day.Day == oldest);
            }
        }

        Sketches.RemoveAll(sketch => sketch.Days.Count == 0);
    }

    private void ReadReports(ref StateReader reader)
    {
        LastReport = reader.Signed();
        LastReportTime = reader.Signed();
        for (int i = reader.Count(); i > 0; i--)
        {
            Steps.Add(reader.Signed());
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            (long id, long time, long deadline) = (reader.Signed(), reader.Signed(), reader.Signed());
            int count = reader.Count();
            ulong[] keys = new ulong[count];
            var values = new Measurement?[count];
            for (int k = 0; k < count; k++)
            {
                keys[k] = reader.Key();
                values[k] = Measurements.Read(ref reader);
            }

            Pending.Add(new PendingReport(id, time, deadline, keys, values));
        }
    }

    private void WriteReports(StateWriter writer)
    {
        writer.Signed(LastReport);
        writer.Signed(LastReportTime);
        writer.Count(Steps.Count);
        foreach (long step in Steps)
        {
            writer.Signed(step);
        }

        writer.Count(Pending.Count);
        foreach (PendingReport report in Pending)
        {
            writer.Signed(report.Id);
            writer.Signed(report.Time);
            writer.Signed(report.Deadline);
            writer.Count(report.Values.Count(value => value is not null));
            for (int i = 0; i < report.Values.Length; i++)
            {
                if (report.Values[i] is { } value)
                {
                    writer.Key(report.Keys[i]);
                    Measurements.Write(writer, value);
                }
            }
        }
    }

    private void ReadSlots(ref StateReader reader)
    {
        for (int i = reader.Count(); i > 0; i--)
        {
            var slot = new BehaviorSlot(reader.Key());
            byte has = reader.Byte();
            slot.State.Streak = (has & 1) != 0 ? reader.Small() : 0;
            slot.State.Elapsed = (has & 2) != 0 ? TimeSpan.FromMilliseconds(reader.Signed()) : null;
            slot.State.Sum = (has & 4) != 0 ? reader.Number() : 0;
            if ((has & 8) != 0)
            {
                slot.State.IsInAlarm = true;
                slot.Alarm = new RaisedAlarm(Convert.ToHexStringLower(reader.Take(16)), reader.Text(), reader.Bytes());
            }

            Slots.Add(slot);
        }
    }

    private void WriteSlots(StateWriter writer)
    {
        writer.Count(Slots.Count(slot => slot.IsKept || !slot.IsDefault));
        foreach (BehaviorSlot slot in Slots)
        {
            if (slot.IsDefault && !slot.IsKept)
            {
                continue;
            }

            BehaviorState state = slot.State;
            writer.Key(slot.Key);
            writer.Byte((byte)((state.Streak > 0 ? 1 : 0) | (state.Elapsed is not null ? 2 : 0) | (state.Sum != 0 ? 4 : 0) | (slot.Alarm is not null ? 8 : 0)));
            if (state.Streak > 0)
            {
                writer.Count(state.Streak);
            }

            if (state.Elapsed is { } elapsed)
            {
                writer.Signed((long)elapsed.TotalMilliseconds);
            }

            if (state.Sum != 0)
            {
                writer.Number(state.Sum);
            }

            if (slot.Alarm is { } alarm)
            {
                writer.Raw(Convert.FromHexString(alarm.ViolationId));
                writer.Text(alarm.Profile);
                writer.Bytes(alarm.Behavior.Span);
            }
        }
    }

    private void ReadBuckets(ref StateReader reader)
    {
        NextBucket = reader.Signed();
        for (int i = reader.Count(); i > 0; i--)
        {
            Buckets.Add(ReadBucket(ref reader));
        }

        byte connection = reader.Byte();
        if (connection != 0)
        {
            Connection = new Connection { IsKnown = true, IsConnected = connection == 2, Version = reader.Signed(), Since = reader.Signed() };
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            Changes.Add(new ConnectionChange(reader.Signed(), reader.Signed(), reader.Byte() != 0));
        }
    }

    private static EventBucket ReadBucket(ref StateReader reader)
    {
        var bucket = new EventBucket(reader.Signed())
        {
            Sent = reader.Signed(),
            SentBytes = reader.Signed(),
            LargestBytes = reader.Signed(),
            SmallestBytes = reader.Signed(),
            Received = reader.Signed(),
            Failures = reader.Signed(),
            Attempts = reader.Signed(),
            Disconnects = reader.Signed(),
        };
        for (int i = reader.Count(); i > 0; i--)
        {
            bucket.Addresses.Add(Measurements.ReadAddress(ref reader));
        }

        for (int i = reader.Count(); i > 0; i--)
        {
            bucket.Seen.Add(reader.Key());
        }

        return bucket;
    }

    private void WriteBuckets(StateWriter writer)
    {
        writer.Signed(NextBucket);
        writer.Count(Buckets.Count);
        foreach (EventBucket bucket in Buckets)
        {
            writer.Signed(bucket.Index);
            writer.Signed(bucket.Sent);
            writer.Signed(bucket.SentBytes);
            writer.Signed(bucket.LargestBytes);
            writer.Signed(bucket.SmallestBytes);
            writer.Signed(bucket.Received);
            writer.Signed(bucket.Failures);
            writer.Signed(bucket.Attempts);
            writer.Signed(bucket.Disconnects);
            writer.Count(bucket.Addresses.Count);
            foreach (InternetAddress address in bucket.Addresses)
            {
                Measurements.WriteAddress(writer, address);
            }

            writer.Count(bucket.Seen.Count);
            foreach (ulong seen in bucket.Seen)
            {
                writer.Key(seen);
            }
        }

        writer.Byte(Connection.IsKnown ? (byte)(Connection.IsConnected ? 2 : 1) : (byte)0);
        if (Connection.IsKnown)
        {
            writer.Signed(Connection.Version);
            writer.Signed(Connection.Since);
        }

        writer.Count(Changes.Count);
        foreach (ref readonly ConnectionChange change in CollectionsMarshal.AsSpan(Changes))
        {
            writer.Signed(change.Time);
            writer.Signed(change.Version);
            writer.Byte((byte)(change.IsConnect ? 1 : 0));
        }
    }

    private void ReadSketches(ref StateReader reader)
    {
        for (int i = reader.Count(); i > 0; i--)
        {
            var sketch = new Sketch(reader.Key());
            for (int days = reader.Count(); days > 0; days--)
            {
                sketch.Days.Add(new SketchDay(reader.Small(), reader.Bytes()));
            }

            Sketches.Add(sketch);
        }
    }

    private void WriteSketches(StateWriter writer, StateWriter scratch)
    {
        writer.Count(Sketches.Count);
        foreach (Sketch sketch in Sketches)
        {
            writer.Key(sketch.Key);
            writer.Count(sketch.Days.Count);
            foreach (SketchDay day in sketch.Days)
            {
                writer.Count(day.Day);
                writer.Bytes(day.ToBytes(scratch).Span);
            }
        }
    }
}
