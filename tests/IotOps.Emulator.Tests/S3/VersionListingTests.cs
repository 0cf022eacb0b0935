using System.Xml.Linq;

namespace IotOps.Emulator.Tests.S3;

/// <summary>ListObjectVersions, in the order and with the markers that were seen on S3.</summary>
public sealed class VersionListingTests : S3TestBase
{
    [Fact]
    public async Task Versions_and_markers_are_listed_by_key_the_newest_first_in_pages()
    {
        // The order of puts and deletions: test_0, 1, 2, 2 again, a marker each, 0 and 1 again.
        Emulator.S3.EnableVersioning("bucket");
        string[] ids =
        [
            await PutAsync("test_0"), await PutAsync("test_1"), await PutAsync("test_2"), await PutAsync("test_2"),
            await DeleteAsync("test_0"), await DeleteAsync("test_1"), await DeleteAsync("test_2"),
            await PutAsync("test_0"), await PutAsync("test_1"),
        ];

        S3Reply all = await ListAsync("");
        all.Texts("VersionId").ShouldBe([ids[7], ids[4], ids[0], ids[8], ids[5], ids[1], ids[6], ids[3], ids[2]]);
        all.Texts("IsLatest").ShouldBe(["true", "false", "false", "true", "false", "false", "true", "false", "false"]);
        all.Xml!.Elements().Where(e => e.Name.LocalName == "DeleteMarker").Select(Id).ShouldBe([ids[4], ids[5], ids[6]]);
        S3Reply five = await ListAsync("&max-keys=5");
        (five.Text("IsTruncated"), five.Text("NextKeyMarker"), five.Text("NextVersionIdMarker"), five.Texts("VersionId").Length).ShouldBe(("true", "test_1", ids[5], 5));

        S3Reply byKey = await ListAsync("&max-keys=1&key-marker=test_1");
        (byKey.Text("VersionId"), byKey.Text("NextKeyMarker"), byKey.Text("NextVersionIdMarker")).ShouldBe((ids[6], "test_2", ids[6]));
        (await ListAsync("&max-keys=1&key-marker=test_2")).Texts("VersionId").ShouldBeEmpty();
        S3Reply both = await ListAsync($"&max-keys=1&key-marker=test_1&version-id-marker={ids[5]}");
        (both.Text("VersionId"), both.Text("NextVersionIdMarker")).ShouldBe((ids[1], ids[1]));
        S3Reply last = await ListAsync($"&max-keys=1&key-marker=test_2&version-id-marker={ids[3]}");
        (last.Text("VersionId"), last.Text("IsTruncated"), last.Text("NextKeyMarker")).ShouldBe((ids[2], "false", null));
    }

    [Fact]
    public async Task A_page_continues_behind_a_version_that_was_deleted_meanwhile()
    {
        await Bare.PutAsync("bucket/k", [0]);
        Emulator.S3.EnableVersioning("bucket");
        string[] ids = ["null", await PutAsync("k"), await PutAsync("k"), await PutAsync("k"), await PutAsync("k")];
        S3Reply page = await ListAsync("&max-keys=3");
        page.Texts("VersionId").ShouldBe([ids[4], ids[3], ids[2]]);
        foreach (string id in page.Texts("VersionId"))
        {
            await Bare.SendAsync(HttpMethod.Delete, $"bucket/k?versionId={id}", [], []);
        }

        S3Reply rest = await ListAsync($"&key-marker=k&version-id-marker={page.Text("NextVersionIdMarker")}");
        rest.Texts("VersionId").ShouldBe([ids[1], "null"]);
        rest.Texts("IsLatest").ShouldBe(["true", "false"]);
    }

    [Fact]
    public async Task The_null_version_is_a_marker_like_any_other()
    {
        await Bare.PutAsync("bucket/k", [0]);
        await Bare.PutAsync("bucket/l", [0]);
        Emulator.S3.EnableVersioning("bucket");
        string newer = await PutAsync("k");

        (await ListAsync("&key-marker=k&version-id-marker=null")).Texts("Key").ShouldBe(["l"]);
        await Bare.SendAsync(HttpMethod.Delete, "bucket/k?versionId=null", [], []);
        (await ListAsync("&key-marker=k&version-id-marker=null")).Texts("VersionId").ShouldBe([newer, "null"], "nothing is left out when its place is not known any more");
    }

    [Fact]
    public async Task Common_prefixes_take_the_place_of_their_keys()
    {
        Emulator.S3.EnableVersioning("bucket");
        foreach (string key in new[] { "folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1", "folder/file2" })
        {
            await PutAsync(key);
        }

        S3Reply start = await ListAsync("&delimiter=%2F&prefix=folder%2F&max-keys=1");
        (Prefixes(start)[0], start.Text("NextKeyMarker"), start.Text("NextVersionIdMarker"), start.Text("IsTruncated")).ShouldBe(("folder/aSubfolder/", "folder/aSubfolder/", null, "true"));
        S3Reply next = await ListAsync("&delimiter=%2F&prefix=folder%2F&max-keys=1&key-marker=folder%2FaSubfolder%2F");
        (next.Text("Key"), next.Text("NextKeyMarker")).ShouldBe(("folder/file1", "folder/file1"));
        S3Reply end = await ListAsync("&delimiter=%2F&prefix=folder%2F&max-keys=1&key-marker=folder%2Ffile1");
        (end.Text("Key"), end.Text("IsTruncated")).ShouldBe(("folder/file2", "false"));
        S3Reply amid = await ListAsync("&delimiter=%2F&prefix=folder%2F&max-keys=1&key-marker=folder%2FaSubfolder%2FsubFile1");
        (amid.Text("Key"), Prefixes(amid).Length).ShouldBe(("folder/file1", 0), "a prefix is not listed behind one of its keys");
    }

    [Theory]
    [InlineData("?marker=folder%2FaSubfolder%2FsubFile1&delimiter=%2F&prefix=folder%2F")]
    [InlineData("?uploads&key-marker=folder%2FaSubfolder%2FsubFile1&delimiter=%2F&prefix=folder%2F")]
    public async Task Other_listings_do_not_list_a_prefix_behind_one_of_its_keys_either(string query)
    {
        foreach (string key in new[] { "folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1" })
        {
            await Bare.PutAsync("bucket/" + key, [1]);
            await Bare.SendAsync(HttpMethod.Post, $"bucket/{key}?uploads", [], []);
        }

        S3Reply reply = await Bare.GetAsync("bucket" + query);

        (Prefixes(reply).Length, reply.Texts("Key")[0]).ShouldBe((0, "folder/file1"));
    }

    [Fact]
    public async Task A_version_marker_without_a_key_marker_is_refused()
    {
        S3Reply reply = await ListAsync("&version-id-marker=null");

        (reply.Status, reply.Code, reply.Text("ArgumentName"), reply.Message).ShouldBe(
            (400, "InvalidArgument", "version-id-marker", "A version-id marker cannot be specified without a key marker."));
        (await ListAsync("&key-marker=k&version-id-marker=junk")).Code.ShouldBe("InvalidArgument");
        (await ListAsync("&encoding-type=value")).Text("ArgumentName").ShouldBe("encoding-type");
    }

    [Fact]
    public async Task A_bucket_without_versions_lists_null_versions()
    {
        await Bare.PutAsync("bucket/b%20", [1, 2]);
        await Bare.PutAsync("bucket/a", [1]);

        S3Reply reply = await ListAsync("&encoding-type=url");

        reply.Texts("Key").ShouldBe(["a", "b+"]);
        reply.Texts("VersionId").ShouldBe(["null", "null"]);
        (reply.Texts("Size")[1], reply.Text("ChecksumAlgorithm"), reply.Text("StorageClass")).ShouldBe(("2", "CRC64NVME", "STANDARD"));
    }

    [Fact]
    public async Task Pages_of_any_size_hold_what_one_page_holds()
    {
        var random = new Random(7);
        Emulator.S3.EnableVersioning("bucket");
        string[] keys = ["a", "a/b", "a/c", "b/a/a", "b/a/b", "c"];
        for (int i = 0; i < 60; i++)
        {
            string key = keys[random.Next(keys.Length)];
            await (random.Next(4) == 0 ? DeleteAsync(key) : PutAsync(key));
        }

        foreach (string query in new[] { "", "&delimiter=%2F", "&prefix=b%2F", "&prefix=b%2F&delimiter=%2F" })
        {
            string[] whole = Entries(await ListAsync(query));
            whole.ShouldNotBeEmpty();
            for (int size = 1; size <= 7; size++)
            {
                var paged = new List<string>();
                string marker = "";
                S3Reply page;
                do
                {
                    page = await ListAsync($"{query}&max-keys={size}{marker}");
                    string[] entries = Entries(page);
                    entries.Length.ShouldBeInRange(1, size);
                    paged.AddRange(entries);
                    paged.Count.ShouldBeLessThanOrEqualTo(whole.Length, $"{query} {size}");
                    marker = $"&key-marker={Uri.EscapeDataString(page.Text("NextKeyMarker") ?? "")}&version-id-marker={page.Text("NextVersionIdMarker")}";
                }
                while (page.Text("IsTruncated") == "true");

                paged.Order(StringComparer.Ordinal).ShouldBe(whole.Order(StringComparer.Ordinal), $"{query} {size}");
            }
        }
    }

    private static string Id(XElement version) => version.Elements().Single(e => e.Name.LocalName == "VersionId").Value;

    private static string[] Prefixes(S3Reply reply) => [.. reply.Xml!.Elements().Where(e => e.Name.LocalName == "CommonPrefixes").Select(e => e.Value)];

    private static string[] Entries(S3Reply reply) => [.. reply.Texts("VersionId"), .. Prefixes(reply)];

    private Task<S3Reply> ListAsync(string query) => Bare.GetAsync("bucket?versions" + query);

    private async Task<string> PutAsync(string key) => (await Bare.PutAsync("bucket/" + key, [1])).Header("x-amz-version-id")!;

    private async Task<string> DeleteAsync(string key) => (await Bare.SendAsync(HttpMethod.Delete, "bucket/" + key, [], [])).Header("x-amz-version-id")!;
}
