using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Digests;

public sealed class UnlistedLogTests
{
    private readonly SignedTrail _trail = new();

    [Theory]
    [InlineData(1, 30)]
    [InlineData(1, 59)]
    [InlineData(3, 50)]
    public async Task A_log_file_that_no_digest_lists_is_found(int hour, int minute)
    {
        _trail.WithHours(4);
        string forged = _trail.AddLog(hour, minute);

        (await FindAsync(4)).ShouldBe([(forged, "unlisted-log")]);
    }

    [Fact]
    public async Task A_log_file_that_the_next_digest_lists_is_listed()
    {
        _trail.AddDigest(0, []);
        _trail.AddDigest(1, [_trail.AddLog(0, 58)]);
        _trail.AddDigest(2, []);

        (await FindAsync(3)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_file_near_the_end_of_an_hour_whose_next_digest_is_gone_may_have_been_listed_there()
    {
        _trail.AddDigest(0, []);
        _trail.AddDigest(1, [_trail.AddLog(0, 58)]);
        _trail.AddDigest(2, []);
        _trail.Objects.Remove(_trail.DigestKey(1));

        (await FindAsync(3)).ShouldBe([(_trail.DigestKey(1), "digest-missing")]);
    }

    [Fact]
    public async Task A_log_file_that_came_after_the_newest_digest_waits_for_the_next_one()
    {
        _trail.WithHours(4);
        _trail.AddLog(3, 58, stored: SignedTrail.Day.AddHours(4).AddMinutes(3));

        DigestReport report = await _trail.ValidateAsync(until: 4, now: SignedTrail.Day.AddHours(4.2));

        report.IsValid.ShouldBeTrue();
        report.NotYetListed.ShouldBe(1);
    }

    [Fact]
    public async Task A_log_file_that_was_stored_days_after_its_time_does_not_wait_for_anything()
    {
        _trail.WithHours(4);
        string forged = _trail.AddLog(3, 58, stored: SignedTrail.Day.AddDays(9));

        (await FindAsync(4)).ShouldBe([(forged, "unlisted-log")]);
    }

    [Fact]
    public async Task An_object_among_the_log_files_with_any_other_name_is_found()
    {
        _trail.WithHours(4);
        string other = _trail.LogKey(1)[..(_trail.LogKey(1).LastIndexOf('/') + 1)] + "x.json.gz";
        _trail.Objects[other] = [];

        (await FindAsync(4)).ShouldBe([(other, "unlisted-log")]);
    }

    [Fact]
    public async Task Two_trails_that_share_a_bucket_do_not_accuse_each_other()
    {
        var second = new SignedTrail(_trail.Objects, name: "audit");
        _trail.WithHours(4);
        second.WithHours(4);
        string forged = second.AddLog(2, 30);

        DigestReport report = await _trail.ValidateAsync(until: 4, keys: new BothKeys(_trail, second));

        report.Digests.ShouldBe(8);
        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe([(forged, "unlisted-log")]);
    }

    [Fact]
    public void Whatever_single_object_of_a_trail_is_touched_or_gone_or_added_is_named() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => TouchAsync(new Random(seed)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithReplay(20260101, 1).WithMaxTest(300));

    private static async Task TouchAsync(Random random)
    {
        var trail = new SignedTrail();
        trail.WithHours(6);
        string[] keys = [.. trail.Objects.Keys];
        string key = keys[random.Next(keys.Length)];
        byte[] body = trail.Objects[key];
        switch (random.Next(5))
        {
            case 0:
                trail.Objects.Remove(key);
                break;
            case 1:
                trail.Objects[key] = [.. body, (byte)random.Next(256)];
                break;
            case 2:
                trail.Objects[key] = body[..random.Next(body.Length)];
                break;
            case 3:
                key = trail.AddLog(random.Next(6), random.Next(6, 60));
                break;
            default:
                // The header's flags, time and system mean nothing to the content; the rest does.
                int at = random.Next(10, body.Length);
                trail.Objects[key] = [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]];
                if (IsSame(trail.Objects[key], body))
                {
                    return;
                }

                break;
        }

        DigestReport report = await trail.ValidateAsync(until: 7);

        report.Problems.ShouldContain(problem => problem.Key == key, string.Join('\n', report.Problems));
    }

    // The bits behind the last deflate block mean nothing either.
    private static bool IsSame(byte[] touched, byte[] original)
    {
        try
        {
            return Records.Gunzip(touched).AsSpan().SequenceEqual(Records.Gunzip(original)) && touched.AsSpan(touched.Length - 8).SequenceEqual(original.AsSpan(original.Length - 8));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task<(string, string)[]> FindAsync(double until)
    {
        DigestReport report = await _trail.ValidateAsync(until);
        return [.. report.Problems.Select(problem => (problem.Key, problem.Word))];
    }

    private sealed class BothKeys(params ITrailPublicKeys[] trails) : ITrailPublicKeys
    {
        public async Task<IReadOnlyList<TrailPublicKey>> ListAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default) =>
            [.. (await Task.WhenAll(trails.Select(trail => trail.ListAsync(since, until, cancellationToken)))).SelectMany(keys => keys)];
    }
}
