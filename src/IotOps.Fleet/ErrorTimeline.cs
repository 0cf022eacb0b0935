using IotOps.Fleet.Timeline;

namespace IotOps.Fleet;

/// <summary>
/// When errors came, and which: buckets of time, in them groups by event type, reason and template, in those clients, principals, addresses and
/// rules. Memory depends on the buckets and groups that are kept, not on the number of errors. For one thread at a time.
/// </summary>
public sealed class ErrorTimeline
{
    private readonly ErrorTimelineOptions _options;
    private readonly SortedDictionary<long, TimeBucket> _buckets = [];
    private readonly GroupTable _groups;
    private ErrorTimelineStatistics _statistics;
    private (long Number, TimeBucket Bucket)? _recent;
    private long _latest = long.MinValue;
    private DateTimeOffset _soon;
    private int _cells;

    /// <summary>Makes an empty timeline.</summary>
    public ErrorTimeline(ErrorTimelineOptions? options = null)
    {
        _options = options ?? new ErrorTimelineOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Bucket, TimeSpan.FromSeconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxBuckets, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxGroups, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Lateness, TimeSpan.Zero, nameof(options));
        _groups = new GroupTable(_options.MaxGroups);
    }

    /// <summary>What was counted so far.</summary>
    public ErrorTimelineStatistics Statistics => _statistics;

    /// <summary>The start of the bucket that a moment lies in, also before 1970.</summary>
    public static DateTimeOffset BucketOf(DateTimeOffset time, TimeSpan bucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bucket, TimeSpan.Zero);
        return Start(Number(time, bucket), bucket);
    }

    /// <summary>Counts an entry, if it is an error.</summary>
    public void Add(IotLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.IsError)
        {
            return;
        }

        if (entry.Time is not { } time || (time > _soon && time > (_soon = _options.TimeProvider.GetUtcNow().AddDays(1))))
        {
            _statistics = _statistics with { WithoutTime = _statistics.WithoutTime + 1 };
            return;
        }

        long number = Number(time, _options.Bucket);
        if (Bucket(number) is not { } bucket)
        {
            _statistics = _statistics with { TooLate = _statistics.TooLate + 1 };
            return;
        }

        bool isLate = _latest != long.MinValue && time.UtcTicks < _latest - _options.Lateness.Ticks;
        _latest = Math.Max(_latest, time.UtcTicks);
        int group = _groups.Number(entry);
        if (!bucket.Groups.TryGetValue(group, out GroupCell? cell))
        {
            (group, cell) = Cell(bucket, group);
        }

        bucket.Errors++;
        cell.Errors++;
        cell.Details?.Add(entry);
        _statistics = _statistics with
        {
            Errors = _statistics.Errors + 1,
            Late = _statistics.Late + (isLate ? 1 : 0),
            Other = _statistics.Other + (group == GroupTable.Other ? 1 : 0),
        };
    }

    /// <summary>All buckets from the first one that is kept to the latest, those without an error among them.</summary>
    public IReadOnlyList<ErrorBucket> Buckets()
    {
        if (_buckets.Count == 0)
        {
            return [];
        }

        List<ErrorBucket> buckets = [];
        long last = _buckets.Keys.Last();
        for (long number = _buckets.Keys.First(); number <= last; number++)
        {
            DateTimeOffset start = Start(number, _options.Bucket);
            bool isOpen = (start + _options.Bucket).UtcTicks > _latest - _options.Lateness.Ticks;
            buckets.Add(new ErrorBucket(start, _buckets.GetValueOrDefault(number)?.Errors ?? 0, isOpen));
        }

        return buckets;
    }

    /// <summary>The groups of a range, the most frequent first.</summary>
    /// <param name="since">From the bucket of this moment.</param>
    /// <param name="until">Up to, not including, the bucket of this moment, unless it lies within it.</param>
    public IReadOnlyList<ErrorGroup> Groups(DateTimeOffset since, DateTimeOffset until) =>
    [
        .. Sum(since, until).Select(sum => Told(sum.Key, sum.Value))
            .OrderByDescending(group => group.Errors).ThenBy(group => group.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>
    /// A range beside the one as long before it: new groups first, then by how much they grew, those that are gone last. Ranges an hour, a day or a
    /// week before are usual.
    /// </summary>
    /// <param name="since">From there on.</param>
    /// <param name="until">Up to there.</param>
    /// <param name="before">How much earlier the other range lies.</param>
    public IReadOnlyList<ErrorChange> Compare(DateTimeOffset since, DateTimeOffset until, TimeSpan before)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(before, TimeSpan.Zero);
        Dictionary<int, GroupSum> now = Sum(since, until), then = Sum(since - before, until - before);
        return
        [
            .. now.Keys.Union(then.Keys)
                .Select(group => new ErrorChange(Told(group, now.GetValueOrDefault(group) ?? new GroupSum()), then.GetValueOrDefault(group)?.Errors ?? 0))
                .OrderByDescending(change => change.IsNew).ThenByDescending(change => change.Group.Errors - change.Before).ThenBy(change => change.Group.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>Where errors surged, as <see cref="ErrorSurge.Find"/> has it, and by which group.</summary>
    public IReadOnlyList<ErrorSurge> Surges() => ErrorSurge.Find(Buckets(), _options.Bucket, out _, Reason);

    // The group that has most more than the baseline lets expect.
    private string Reason(DateTimeOffset before, DateTimeOffset start, DateTimeOffset end)
    {
        Dictionary<int, GroupSum> now = Sum(start, end, isDetailed: false), then = Sum(before, start, isDetailed: false);
        double share = (end - start) / (start - before);
        (int group, double usual) = now.Keys.Select(key => (Group: key, Usual: share * (then.GetValueOrDefault(key)?.Errors ?? 0))).MaxBy(one => now[one.Group].Errors - one.Usual);
        return $"{Told(group, now[group])}: {now[group].Errors} instead of {usual:0.#}{(usual == 0 ? ", new" : "")}";
    }

    private (int Group, GroupCell Cell) Cell(TimeBucket bucket, int group)
    {
        if (_cells >= 4L * _options.MaxDetails)
        {
            group = GroupTable.Other;
            if (bucket.Groups.TryGetValue(group, out GroupCell? other))
            {
                return (group, other);
            }
        }

        var cell = new GroupCell { Details = _cells < _options.MaxDetails ? new GroupDetails() : null };
        bucket.Groups.Add(group, cell);
        _cells++;
        return (group, cell);
    }

    private TimeBucket? Bucket(long number)
    {
        if (_recent is { } recent && recent.Number == number)
        {
            return recent.Bucket;
        }

        if (!_buckets.TryGetValue(number, out TimeBucket? bucket))
        {
            if (_buckets.Count > 0 && number <= _buckets.Keys.Last() - _options.MaxBuckets)
            {
                return null;
            }

            bucket = new TimeBucket();
            _buckets.Add(number, bucket);
            while (_buckets.Keys.First() <= _buckets.Keys.Last() - _options.MaxBuckets)
            {
                long first = _buckets.Keys.First();
                _cells -= _buckets[first].Groups.Count;
                _buckets.Remove(first);
            }
        }

        _recent = (number, bucket);
        return bucket;
    }

    private Dictionary<int, GroupSum> Sum(DateTimeOffset since, DateTimeOffset until, bool isDetailed = true)
    {
        long from = Number(since, _options.Bucket), to = Number(until.AddTicks(-1), _options.Bucket);
        Dictionary<int, GroupSum> sums = [];
        foreach ((long number, TimeBucket bucket) in _buckets)
        {
            if (number < from || number > to)
            {
                continue;
            }

            foreach ((int group, GroupCell cell) in bucket.Groups)
            {
                if (!sums.TryGetValue(group, out GroupSum? sum))
                {
                    sums.Add(group, sum = new GroupSum());
                }

                sum.Errors += cell.Errors;
                if (isDetailed)
                {
                    cell.Details?.AddTo(sum);
                }
            }
        }

        return sums;
    }

    private ErrorGroup Told(int group, GroupSum sum) => _groups.Group(group, sum.Errors) with
    {
        Clients = GroupSum.Top(sum.Clients),
        Principals = GroupSum.Top(sum.Principals),
        Addresses = GroupSum.Top(sum.Addresses),
        Rules = GroupSum.Top(sum.Rules),
    };

    private static long Number(DateTimeOffset time, TimeSpan bucket)
    {
        (long quotient, long rest) = Math.DivRem(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, bucket.Ticks);
        return rest < 0 ? quotient - 1 : quotient;
    }

    private static DateTimeOffset Start(long number, TimeSpan bucket)
    {
        long ticks = DateTimeOffset.UnixEpoch.UtcTicks + (number * bucket.Ticks);
        return new DateTimeOffset(Math.Clamp(ticks, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }
}
