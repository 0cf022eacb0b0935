using IotOps.Archive.Fetching;
using IotOps.Aws;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive.Tests.Fetching;

public sealed class ObjectFetcherTests
{
    private static readonly LogObject Object = new("bucket", "key", 1_000, "\"etag\"");

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_body_that_ends_early_is_gone_on_with_behind_what_came()
    {
        var reader = new FakeReader((o, offset, _) => Task.FromResult(FakeReader.Rest(o, offset, Math.Min(1_000, offset + 400))));

        (await FetchAsync(reader)).ShouldBe(FakeReader.Content(Object));

        reader.Opened.ShouldBe([("key", 0), ("key", 400), ("key", 800)]);
    }

    [Fact]
    public async Task A_silent_download_is_begun_again_where_it_was()
    {
        var silent = new TaskCompletionSource();
        int attempts = 0;
        var reader = new FakeReader((o, offset, _) => Task.FromResult(
            ++attempts == 1 ? new SilentStream(FakeReader.Rest(o, offset, 300), silent) : FakeReader.Rest(o, offset)));

        Task<byte[]> fetch = FetchAsync(reader);
        await silent.Task;
        _time.Advance(TimeSpan.FromSeconds(31));

        (await fetch).ShouldBe(FakeReader.Content(Object));
        reader.Opened.ShouldBe([("key", 0), ("key", 300)]);
    }

    [Fact]
    public async Task What_stays_refused_is_given_up_after_the_attempts()
    {
        var reader = new FakeReader((_, _, _) => throw Failure("SlowDown", isTransient: true));

        (await Should.ThrowAsync<AwsException>(() => FetchAsync(reader))).Code.ShouldBe("SlowDown");

        reader.Opened.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Progress_makes_the_count_of_failures_begin_anew()
    {
        int calls = 0;
        var reader = new FakeReader((o, offset, _) => ++calls % 3 != 0 ? throw Failure("SlowDown", isTransient: true) : Task.FromResult(FakeReader.Rest(o, offset, offset + 100)));

        (await FetchAsync(reader)).ShouldBe(FakeReader.Content(Object));
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_tried_again()
    {
        var reader = new FakeReader((_, _, _) => throw Failure("PreconditionFailed", isTransient: false));

        await Should.ThrowAsync<AwsException>(() => FetchAsync(reader));

        reader.Opened.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_caller_s_cancellation_is_no_timeout()
    {
        using var stop = new CancellationTokenSource();
        var reader = new FakeReader(async (_, _, cancel) =>
        {
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return Stream.Null;
        });

        await Should.ThrowAsync<OperationCanceledException>(() => FetchAsync(reader, stop.Token));

        reader.Opened.Count.ShouldBe(1);
    }

    private async Task<byte[]> FetchAsync(FakeReader reader, CancellationToken cancellationToken = default)
    {
        var retries = new Retries(new AwsRetryOptions { MaxAttempts = 4 }, _time, NullLogger.Instance, () => 0);
        byte[] buffer = new byte[64];
        using var content = new MemoryStream();
        await new ObjectFetcher(reader, retries, TimeSpan.FromSeconds(30), _time).FetchAsync(
            Object,
            () => buffer,
            count =>
            {
                content.Write(buffer, 0, count);
                return ValueTask.FromResult(true);
            },
            cancellationToken);
        return content.ToArray();
    }

    private static AwsException Failure(string code, bool isTransient) =>
        new(code) { Service = "s3", Operation = "GetObject", Code = code, IsTransient = isTransient };
}
