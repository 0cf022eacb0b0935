using System.Text;

namespace IotOps.Fleet.Trail;

/// <summary>Addenda that wait for the event they complete, a bounded number of them.</summary>
internal sealed class Addenda(int maxCount, long maxBytes)
{
    private readonly Dictionary<string, List<CloudTrailRecord>> _waiting = new(StringComparer.Ordinal);
    private int _count;
    private long _bytes;

    /// <summary>Whether any waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>All that wait, by the event that they complete.</summary>
    public IEnumerable<(string EventId, IReadOnlyList<CloudTrailRecord> Records)> All => _waiting.Select(entry => (entry.Key, (IReadOnlyList<CloudTrailRecord>)entry.Value));

    /// <summary>Keeps an addendum; false when there is no room.</summary>
    public bool TryAdd(string originalEventId, CloudTrailRecord addendum)
    {
        if (_count >= maxCount || _bytes + addendum.Json.Length > maxBytes)
        {
            return false;
        }

        if (!_waiting.TryGetValue(originalEventId, out List<CloudTrailRecord>? addenda))
        {
            _waiting[originalEventId] = addenda = [];
        }

        addenda.Add(addendum.ToOwned());
        _count++;
        _bytes += addendum.Json.Length;
        return true;
    }

    /// <summary>Takes the addenda of an event out; null when there are none.</summary>
    public IReadOnlyList<CloudTrailRecord>? Take(ReadOnlySpan<byte> eventId)
    {
        if (_count == 0 || !_waiting.Remove(Encoding.UTF8.GetString(eventId), out List<CloudTrailRecord>? addenda))
        {
            return null;
        }

        _count -= addenda.Count;
        _bytes -= addenda.Sum(addendum => (long)addendum.Json.Length);
        return addenda;
    }
}
