using IotOps.TestKit;

namespace IotOps.Slack.Tests.Verification;

public sealed class ReplayTests
{
    private static readonly byte[] Body = "a=b"u8.ToArray();
    private readonly ManualTimeProvider _clock = new();

    private string Now => _clock.GetUtcNow().ToUnixTimeSeconds().ToString();

    [Fact]
    public async Task The_same_request_is_refused_for_as_long_as_it_is_fresh()
    {
        SlackRequestVerifier verifier = Verifier();
        SlackRequestHeaders headers = SignedRequest.Sign((long.Parse(Now) + 300).ToString(), Body);
        (await verifier.VerifyAsync(headers, Body)).ShouldBe(SlackVerification.Accepted);
        for (int minute = 0; minute < 10; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            (await verifier.VerifyAsync(headers, Body)).ShouldBe(SlackVerification.Replayed);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await verifier.VerifyAsync(headers, Body)).ShouldBe(SlackVerification.Stale);
    }

    [Fact]
    public async Task The_same_signature_in_capitals_is_the_same_request()
    {
        SlackRequestVerifier verifier = Verifier();
        SlackRequestHeaders headers = SignedRequest.Sign(Now, Body);
        (await verifier.VerifyAsync(headers, Body)).ShouldBe(SlackVerification.Accepted);
        (await verifier.VerifyAsync(headers with { Signature = "v0=" + headers.Signature![3..].ToUpperInvariant() }, Body)).ShouldBe(SlackVerification.Replayed);
    }

    [Fact]
    public async Task A_user_who_presses_again_is_no_replay()
    {
        SlackRequestVerifier verifier = Verifier();
        (await verifier.VerifyAsync(SignedRequest.Sign(Now, Body), Body)).ShouldBe(SlackVerification.Accepted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await verifier.VerifyAsync(SignedRequest.Sign(Now, Body), Body)).ShouldBe(SlackVerification.Accepted);
    }

    [Fact]
    public async Task A_forged_request_takes_no_room_in_the_store()
    {
        var store = new InMemorySlackReplayStore(timeProvider: _clock);
        await Verifier(store).VerifyAsync(SignedRequest.Sign(Now, Body, "other secret"), Body);
        store.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_accepted()
    {
        SlackRequestVerifier verifier = Verifier();
        SlackRequestHeaders headers = SignedRequest.Sign(Now, Body);
        SlackVerification[] verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await verifier.VerifyAsync(headers, Body))));
        verdicts.Count(v => v == SlackVerification.Accepted).ShouldBe(1);
        verdicts.Count(v => v == SlackVerification.Replayed).ShouldBe(99);
    }

    [Fact]
    public async Task When_the_store_fails_nothing_is_accepted() =>
        await Should.ThrowAsync<IOException>(async () => await Verifier(new BrokenStore()).VerifyAsync(SignedRequest.Sign(Now, Body), Body));

    [Fact]
    public async Task What_has_expired_makes_room()
    {
        var store = new InMemorySlackReplayStore(capacity: 2, _clock);
        DateTimeOffset now = _clock.GetUtcNow();
        (await store.TryRememberAsync("a", now.AddSeconds(1))).ShouldBeTrue();
        (await store.TryRememberAsync("b", now.AddSeconds(9))).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await store.TryRememberAsync("c", now.AddSeconds(9))).ShouldBeTrue();
        (await store.TryRememberAsync("b", now.AddSeconds(9))).ShouldBeFalse();
        store.Count.ShouldBe(2);
        store.Forgotten.ShouldBe(0);
    }

    [Fact]
    public async Task A_full_store_forgets_what_would_expire_first_and_counts_it()
    {
        var store = new InMemorySlackReplayStore(capacity: 2, _clock);
        DateTimeOffset now = _clock.GetUtcNow();
        await store.TryRememberAsync("a", now.AddSeconds(5));
        await store.TryRememberAsync("b", now.AddSeconds(3));
        await store.TryRememberAsync("c", now.AddSeconds(9));
        store.Count.ShouldBe(2);
        store.Forgotten.ShouldBe(1);
        (await store.TryRememberAsync("a", now.AddSeconds(5))).ShouldBeFalse();
        (await store.TryRememberAsync("c", now.AddSeconds(9))).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => new InMemorySlackReplayStore(0));
    }

    private SlackRequestVerifier Verifier(ISlackReplayStore? store = null) => new(new SlackRequestVerifierOptions
    {
        SigningSecrets = [SignedRequest.Secret],
        TimeProvider = _clock,
        ReplayStore = store,
    });

    private sealed class BrokenStore : ISlackReplayStore
    {
        public ValueTask<bool> TryRememberAsync(string signature, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
            throw new IOException("The store is out of reach.");
    }
}
