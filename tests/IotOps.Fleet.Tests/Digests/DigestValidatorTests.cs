using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IotOps.Fleet.Tests.Trail;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Digests;

public sealed class DigestValidatorTests
{
    private readonly SignedTrail _trail = new();

    [Fact]
    public async Task A_trail_that_is_whole_is_valid()
    {
        _trail.WithHours(30);

        DigestReport report = await _trail.ValidateAsync(until: 24);

        report.Problems.ShouldBeEmpty();
        report.IsValid.ShouldBeTrue();
        (report.Digests, report.Logs, report.Gaps.Count, report.NotYetListed).ShouldBe((25, 25, 0, 0));
        report.LogBytes.ShouldBeGreaterThan(25 * 30);
        _trail.Objects.Open.ShouldBe(0);
    }

    [Fact]
    public async Task Only_digests_that_cover_the_range_and_the_hour_behind_it_are_read()
    {
        _trail.WithHours(24);

        DigestReport report = await _trail.ValidateAsync(since: 10, until: 12);

        report.IsValid.ShouldBeTrue();
        report.Digests.ShouldBe(3);
        _trail.Objects.Opened.Where(key => key.Contains("Digest", StringComparison.Ordinal)).ShouldBe([_trail.DigestKey(12), _trail.DigestKey(11), _trail.DigestKey(10)]);
    }

    [Fact]
    public async Task The_newest_digest_is_missed_when_it_is_gone()
    {
        _trail.WithHours(4);
        _trail.Objects.Remove(_trail.DigestKey(3)).ShouldBeTrue();

        await ShouldFindAsync(until: 5, (_trail.DigestKey(3), "newest-digest-missing"));
    }

    [Fact]
    public async Task The_newest_digest_is_missed_when_the_range_ends_half_an_hour_after_it()
    {
        _trail.WithHours(3);
        _trail.AddDigest(3, []);
        _trail.Objects.Remove(_trail.DigestKey(3)).ShouldBeTrue();

        await ShouldFindAsync(until: 4.5, (_trail.DigestKey(3), "newest-digest-missing"));
    }

    [Fact]
    public async Task Each_digest_that_is_gone_at_the_end_is_missed()
    {
        _trail.WithHours(5);
        _trail.Objects.Remove(_trail.DigestKey(3)).ShouldBeTrue();
        _trail.Objects.Remove(_trail.DigestKey(4)).ShouldBeTrue();

        await ShouldFindAsync(until: 6, (_trail.DigestKey(3), "newest-digest-missing"), (_trail.DigestKey(4), "newest-digest-missing"));
    }

    [Fact]
    public async Task A_digest_that_is_not_due_yet_is_not_missed()
    {
        _trail.WithHours(4);

        (await _trail.ValidateAsync(until: 24, now: SignedTrail.Day.AddHours(4.9))).IsValid.ShouldBeTrue();
        (await _trail.ValidateAsync(until: 24, now: SignedTrail.Day.AddHours(6.1))).Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Each_of_several_digests_that_are_gone_is_missed_by_its_hour()
    {
        _trail.WithHours(8);
        foreach (int hour in new[] { 2, 3, 4 })
        {
            _trail.Objects.Remove(_trail.DigestKey(hour)).ShouldBeTrue();
        }

        await ShouldFindAsync(until: 8, [.. new[] { 2, 3, 4 }.Select(hour => (_trail.DigestKey(hour), "digest-missing"))]);
    }

    [Fact]
    public async Task No_digest_at_all_is_told_when_there_are_log_files()
    {
        _trail.AddLog(1);

        await ShouldFindAsync(until: 8, ("AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/", "newest-digest-missing"));
    }

    [Fact]
    public async Task An_empty_bucket_is_not_valid_and_has_no_problem()
    {
        DigestReport report = await _trail.ValidateAsync(until: 8);

        report.Problems.ShouldBeEmpty();
        report.IsValid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("content", "digest-signature")]
    [InlineData("signature", "digest-signature")]
    [InlineData("no-signature", "digest-signature")]
    [InlineData("no-algorithm", "digest-signature")]
    [InlineData("other-algorithm", "digest-signature")]
    [InlineData("not-hexadecimal", "digest-signature")]
    [InlineData("no-json", "digest-signature")]
    [InlineData("no-digest", "digest-signature")]
    [InlineData("cut-off", "digest-signature")]
    [InlineData("no-gzip", "not-gzip")]
    [InlineData("empty", "not-gzip")]
    [InlineData("copy-of-another", "digest-moved")]
    [InlineData("garbage", "trailing-garbage")]
    [InlineData("member", "extra-gzip-member")]
    public async Task A_digest_that_was_touched_is_found_and_the_older_ones_are_validated_all_the_same(string touch, string word)
    {
        _trail.WithHours(6);
        string key = _trail.DigestKey(3);
        byte[] body = _trail.Objects[key];
        Dictionary<string, string> metadata = _trail.Objects.MetadataOf(key);
        string plain = Encoding.UTF8.GetString(Records.Gunzip(body));
        switch (touch)
        {
            case "signature":
                metadata["signature"] = metadata["signature"].Replace(metadata["signature"][0], metadata["signature"][0] == 'a' ? 'b' : 'a');
                break;
            case "no-signature":
                metadata.Remove("signature");
                break;
            case "no-algorithm":
                metadata.Remove("signature-algorithm");
                break;
            case "other-algorithm":
                metadata["signature-algorithm"] = "none";
                break;
            case "not-hexadecimal":
                metadata["signature"] = "xyz";
                break;
            default:
                _trail.Objects.Put(
                    key,
                    touch switch
                    {
                        "content" => Records.Gzip(plain.Replace("_opsDDDD", "_opsZZZZ", StringComparison.Ordinal)),
                        "no-json" => Records.Gzip("x"),
                        "no-digest" => Records.Gzip("""{"logFiles":[]}"""),
                        "cut-off" => body[..^9],
                        "no-gzip" => Encoding.UTF8.GetBytes(plain),
                        "empty" => [],
                        "copy-of-another" => _trail.Objects[_trail.DigestKey(2)],
                        "garbage" => [.. body, 7],
                        _ => [.. body, .. Records.Gzip("{}")],
                    },
                    metadata);
                break;
        }

        DigestReport report = await ShouldFindAsync(until: 6, (key, word));

        report.Digests.ShouldBe(touch is "garbage" or "member" ? 6 : 5);
    }

    [Fact]
    public async Task A_digest_that_was_moved_is_missed_where_it_was_and_told_where_it_is()
    {
        _trail.WithHours(6);
        string moved = _trail.DigestKey(3, second: 7);
        _trail.Objects.Put(moved, _trail.Objects[_trail.DigestKey(3)], _trail.Objects.MetadataOf(_trail.DigestKey(3)));
        _trail.Objects.Remove(_trail.DigestKey(3)).ShouldBeTrue();

        await ShouldFindAsync(until: 6, (_trail.DigestKey(3), "digest-missing"), (moved, "digest-moved"));
    }

    [Theory]
    [InlineData("content", "log-modified")]
    [InlineData("gone", "log-missing")]
    [InlineData("cut-off", "log-modified")]
    [InlineData("trailer-cut-off", "log-modified")]
    [InlineData("header-cut-off", "log-modified")]
    [InlineData("no-gzip", "not-gzip")]
    [InlineData("empty", "not-gzip")]
    [InlineData("garbage", "trailing-garbage")]
    [InlineData("zeros", "trailing-garbage")]
    [InlineData("member", "extra-gzip-member")]
    [InlineData("compressed-again", null)]
    public async Task A_log_file_that_was_touched_is_found(string touch, string? word)
    {
        _trail.WithHours(6);
        string key = _trail.LogKey(3);
        byte[] body = _trail.Objects[key];
        byte[] plain = Records.Gunzip(body);
        if (touch == "gone")
        {
            _trail.Objects.Remove(key);
        }
        else
        {
            _trail.Objects[key] = touch switch
            {
                "content" => Records.Gzip(Records.File("""{"eventID":"forged"}""")),
                "cut-off" => body[..^12],
                "trailer-cut-off" => body[..^3],
                "header-cut-off" => body[..5],
                "no-gzip" => plain,
                "empty" => [],
                "garbage" => [.. body, .. "GARBAGE"u8],
                "zeros" => [.. body, 0, 0, 0],
                "member" => [.. body, .. Records.Gzip(Records.File("""{"eventID":"forged"}"""))],
                _ => GzipFile.Of(plain, CompressionLevel.SmallestSize),
            };
        }

        if (word is null)
        {
            (await _trail.ValidateAsync(until: 6)).IsValid.ShouldBeTrue();
        }
        else
        {
            (await ShouldFindAsync(until: 6, (key, word))).Digests.ShouldBe(6);
        }
    }

    [Fact]
    public async Task A_key_as_SubjectPublicKeyInfo_serves_too()
    {
        _trail.WithHours(3);
        _trail.AsSubjectPublicKeyInfo = true;

        (await _trail.ValidateAsync(until: 3)).IsValid.ShouldBeTrue();
    }

    [Fact]
    public async Task A_digest_of_an_unknown_key_is_not_believed()
    {
        _trail.WithHours(1);

        DigestReport report = await _trail.ValidateAsync(until: 1, keys: new TrailPublicKeyList([]));

        report.Problems.ShouldHaveSingleItem().Detail.ShouldContain($"CloudTrail has no public key with the fingerprint {_trail.Fingerprint}");
    }

    [Fact]
    public async Task A_forger_with_a_key_of_his_own_is_not_believed()
    {
        _trail.WithHours(2);
        using var key = RSA.Create(2_048);
        var forger = new SignedTrail(_trail.Objects, key: key);
        forger.AddDigest(1, []);

        DigestReport report = await _trail.ValidateAsync(until: 2);

        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe([(_trail.DigestKey(1), "digest-signature")]);
    }

    [Fact]
    public async Task An_older_version_of_a_digest_is_not_what_the_next_one_says()
    {
        _trail.AddDigest(0, [_trail.AddLog(0)]);
        _trail.AddDigest(1, []);
        byte[] old = _trail.Objects[_trail.DigestKey(1)];
        var metadata = new Dictionary<string, string>(_trail.Objects.MetadataOf(_trail.DigestKey(1)), StringComparer.Ordinal);
        _trail.AddDigest(1, [_trail.AddLog(1)], isFirst: true);
        _trail.AddDigest(2, []);
        _trail.Objects.Put(_trail.DigestKey(1), old, metadata);

        DigestReport report = await _trail.ValidateAsync(until: 3);

        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe([(_trail.DigestKey(1), "digest-signature")]);
    }

    [Fact]
    public async Task A_gap_that_a_digest_accounts_for_is_no_problem()
    {
        _trail.WithHours(3);
        _trail.AddDigest(10, [_trail.AddLog(10)], isFirst: true, second: 91);
        _trail.AddDigest(11, [_trail.AddLog(11)], second: 91);

        DigestReport report = await _trail.ValidateAsync(until: 12.1);

        report.Problems.ShouldBeEmpty();
        report.Digests.ShouldBe(5);
        report.Gaps.ShouldBe([new DigestGap(_trail.DigestKey(10, second: 91), SignedTrail.Day.AddHours(3), SignedTrail.Day.AddHours(10).AddSeconds(91))]);
    }

    [Fact]
    public async Task Backfills_are_a_chain_of_their_own_with_the_key_of_the_day_they_were_made()
    {
        _trail.WithHours(2);
        string first = _trail.AddLog(4);
        string second = _trail.AddLog(6);
        _trail.AddDigest(4, [first], isBackfill: true);
        _trail.AddDigest(6, [second], isBackfill: true);
        _trail.WithHours(1, first: 2);

        DigestReport whole = await _trail.ValidateAsync(until: 3.5, since: 0);
        DigestReport all = await _trail.ValidateAsync(until: 8, since: 3.5);
        _trail.Objects[first] = Records.Gzip("x");
        DigestReport touched = await _trail.ValidateAsync(until: 8, since: 3.5);

        whole.IsValid.ShouldBeTrue();
        (all.Digests, all.Logs, all.IsValid).ShouldBe((2, 2, true));
        touched.Problems.ShouldContain(problem => problem.Key == first && problem.Word == "log-modified");
        _trail.Asked.ShouldContain((DateTimeOffset.Parse("2026-01-20T11:00:00Z"), DateTimeOffset.Parse("2026-01-20T13:00:00Z")));
    }

    [Fact]
    public async Task A_backfill_without_its_time_is_not_believed()
    {
        _trail.WithHours(2);
        _trail.AddDigest(0, [], isBackfill: true);
        _trail.Objects.MetadataOf(_trail.DigestKey(0, isBackfill: true)).Remove("backfill-generation-timestamp").ShouldBeTrue();

        await ShouldFindAsync(until: 2, (_trail.DigestKey(0, isBackfill: true), "digest-signature"));
    }

    [Fact]
    public async Task Trails_of_organizations_with_a_prefix_are_found()
    {
        var trail = new SignedTrail(root: "logs/AWSLogs/o-exampleorgid/123456789012");
        trail.WithHours(3);
        trail.Objects[trail.LogKey(1)] = Records.Gzip("x");

        DigestReport report = await trail.ValidateAsync(until: 3, prefix: "logs");

        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe([(trail.LogKey(1), "log-modified")]);
    }

    [Fact]
    public async Task A_digest_that_inflates_without_end_is_refused_and_a_log_file_that_does_is_only_hashed()
    {
        _trail.WithHours(3);
        byte[] bomb = Records.Gzip(new byte[200 << 20]);
        _trail.Objects[_trail.DigestKey(1)] = bomb;
        _trail.Objects[_trail.LogKey(0)] = bomb;
        long before = GC.GetAllocatedBytesForCurrentThread();

        DigestReport report = await _trail.ValidateAsync(until: 3);

        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe(
            [(_trail.DigestKey(1), "digest-signature"), (_trail.LogKey(0), "log-modified")], ignoreOrder: true);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200L << 20);
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_is_refused() =>
        (await Should.ThrowAsync<ArgumentException>(() => _trail.ValidateAsync(since: 2, until: 2))).Message.ShouldStartWith("The range ends");

    private async Task<DigestReport> ShouldFindAsync(double until, params (string Key, string Word)[] problems)
    {
        DigestReport report = await _trail.ValidateAsync(until);
        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe(problems, ignoreOrder: true);
        report.IsValid.ShouldBeFalse();
        _trail.Objects.Open.ShouldBe(0);
        return report;
    }
}
