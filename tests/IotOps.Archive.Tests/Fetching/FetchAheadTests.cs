using System.Collections.Concurrent;
using IotOps.Archive.Fetching;
using IotOps.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive.Tests.Fetching;

public sealed class FetchAheadTests
{
    private const int Budget = 1 << 20;

    [Fact]
    public async Task Behind_a_slow_first_object_others_are_fetched_as_far_as_the_budget_goes_and_come_in_order()
    {
        LogObject[] objects = [.. Enumerable.Range(0, 40).Select(i => new LogObject("b", $"{i:D2}", 100_000, "e"))];
        var slow = new TaskCompletionSource();
        var budgetFull = new TaskCompletionSource();
        int others = 0;
        var reader = new FakeReader(async (o, offset, _) =>
        {
            if (o.Key == "00")
            {
                await slow.Task;
            }
            else if (Interlocked.Increment(ref others) == 9)
            {
                budgetFull.SetResult();
            }

            return FakeReader.Rest(o, offset);
        });

        await using FetchAhead ahead = Begin(reader, objects, requests: 64);
        await budgetFull.Task;
        reader.Opened.Count.ShouldBe(10, "ten of 101,024 bytes are what fits into a mebibyte");
        slow.SetResult();

        (await ReadAllAsync(ahead)).ShouldBe(objects.Select(o => o.Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Objects_larger_than_the_budget_get_through_whole(int requests)
    {
        LogObject[] objects = [.. Enumerable.Range(0, 6).Select(i => new LogObject("b", $"{i}", i % 2 == 0 ? 5_000_000 : 10, "e"))];
        var reader = new FakeReader((o, offset, _) => Task.FromResult(FakeReader.Rest(o, offset)));

        await using FetchAhead ahead = Begin(reader, objects, requests);

        (await ReadAllAsync(ahead)).ShouldBe(objects.Select(o => o.Key));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_may()
    {
        LogObject[] objects = [.. Enumerable.Range(0, 50).Select(i => new LogObject("b", $"{i:D2}", 10, "e"))];
        int now = 0;
        var seen = new ConcurrentBag<int>();
        var reader = new FakeReader(async (o, offset, _) =>
        {
            seen.Add(Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return FakeReader.Rest(o, offset);
        });

        await using FetchAhead ahead = Begin(reader, objects, requests: 3);

        (await ReadAllAsync(ahead)).Count.ShouldBe(50);
        seen.Max().ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task What_ends_the_beginning_ends_the_reading_too()
    {
        var reader = new FakeReader((o, offset, _) => Task.FromResult(FakeReader.Rest(o, offset)));

        await using FetchAhead ahead = Begin(reader, Broken(), requests: 4);

        await Should.ThrowAsync<InvalidOperationException>(() => ReadAllAsync(ahead), "a list that broke off is not one that ended");

        static IEnumerable<LogObject> Broken()
        {
            yield return new LogObject("b", "1", 10, "e");
            throw new InvalidOperationException("no memory");
        }
    }

    [Fact]
    public async Task A_failure_comes_with_its_own_object_and_after_those_before_it()
    {
        LogObject[] objects = [.. Enumerable.Range(0, 3).Select(i => new LogObject("b", $"{i}", 10, "e"))];
        var reader = new FakeReader((o, offset, _) => o.Key == "1"
            ? throw new AwsException("gone") { Service = "s3", Operation = "GetObject", Code = "NoSuchKey" }
            : Task.FromResult(FakeReader.Rest(o, offset)));
        await using FetchAhead ahead = Begin(reader, objects, requests: 8);

        await using (FetchedObject? first = await ahead.NextAsync(CancellationToken.None))
        {
            (await first!.OpenAsync(CancellationToken.None)).Length.ShouldBe(10);
        }

        await using FetchedObject? second = await ahead.NextAsync(CancellationToken.None);
        (await Should.ThrowAsync<AwsException>(async () => await second!.OpenAsync(CancellationToken.None))).Code.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task Giving_up_in_the_middle_ends_what_is_under_way()
    {
        LogObject[] objects = [.. Enumerable.Range(0, 100).Select(i => new LogObject("b", $"{i}", 3_000_000, "e"))];
        var reader = new FakeReader((o, offset, _) => Task.FromResult(FakeReader.Rest(o, offset)));

        FetchAhead ahead = Begin(reader, objects, requests: 8);
        await using (FetchedObject? first = await ahead.NextAsync(CancellationToken.None))
        {
            first!.Source.Key.ShouldBe("0");
        }

        await ahead.DisposeAsync();
        reader.Opened.Count.ShouldBeLessThan(20);
    }

    private static FetchAhead Begin(FakeReader reader, IEnumerable<LogObject> objects, int requests)
    {
        var retries = new Retries(AwsRetryOptions.None, TimeProvider.System, NullLogger.Instance, () => 0);
        var fetcher = new ObjectFetcher(reader, retries, TimeSpan.FromSeconds(30), TimeProvider.System);
        return new FetchAhead(objects, fetcher, new ByteBudget(Budget), requests, CancellationToken.None);
    }

    private static async Task<List<string>> ReadAllAsync(FetchAhead ahead)
    {
        List<string> keys = [];
        while (await ahead.NextAsync(CancellationToken.None) is { } source)
        {
            await using (source)
            {
                await using Stream body = await source.OpenAsync(CancellationToken.None);
                using var content = new MemoryStream();
                await body.CopyToAsync(content);
                content.ToArray().AsSpan().SequenceEqual(FakeReader.Content(source.Source)).ShouldBeTrue(source.Source.Key);
                keys.Add(source.Source.Key);
            }
        }

        return keys;
    }
}
