using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

/// <summary>Versions of objects: kept, named in answers, read, copied and deleted by their ids. What is answered was seen on S3.</summary>
public sealed class VersioningTests : S3TestBase
{
    [Fact]
    public async Task Versioning_is_turned_on_and_off_and_never_forgotten()
    {
        S3Reply never = await Bare.GetAsync("bucket?versioning");
        (never.Status, never.Xml!.Name.LocalName, never.Text("Status")).ShouldBe((200, "VersioningConfiguration", null));

        await SetAsync("Suspended");
        (await Bare.GetAsync("bucket?versioning")).Text("Status").ShouldBe("Suspended");
        await S3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = "bucket", VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });
        (await S3.GetBucketVersioningAsync("bucket")).VersioningConfig.Status.ShouldBe(VersionStatus.Enabled);
    }

    [Theory]
    [InlineData("<Status>enabled</Status>", 400, "MalformedXML")]
    [InlineData("<Status>Disabled</Status>", 400, "MalformedXML")]
    [InlineData("", 400, "IllegalVersioningConfigurationException")]
    [InlineData("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>", 501, "NotImplemented")]
    public async Task A_configuration_that_S3_does_not_know_is_refused(string content, int status, string code)
    {
        S3Reply reply = await Bare.PutAsync("bucket?versioning", System.Text.Encoding.UTF8.GetBytes($"<VersioningConfiguration>{content}</VersioningConfiguration>"));

        (reply.Status, reply.Code).ShouldBe((status, code));
        (await Bare.GetAsync("bucket?versioning")).Text("Status").ShouldBeNull();
    }

    [Fact]
    public async Task Every_write_adds_a_version_that_is_read_by_its_id()
    {
        Emulator.S3.EnableVersioning("bucket");
        string first = await PutAsync("k", 1);
        string second = await PutAsync("k", 2);

        first.Length.ShouldBe(32);
        first.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '.' || c == '_');
        S3Reply newest = await Bare.GetAsync("bucket/k");
        (newest.Body[0], newest.Header("x-amz-version-id")).ShouldBe(((byte)2, second));
        S3Reply old = await Bare.GetAsync($"bucket/k?versionId={first}");
        (old.Body[0], old.Header("x-amz-version-id")).ShouldBe(((byte)1, first));
        (await Bare.SendAsync(HttpMethod.Head, $"bucket/k?versionId={first}", [], [])).Header("x-amz-version-id").ShouldBe(first);
        (await Emulator.S3.FindVersionsAsync("bucket", "k")).Select(v => (v.Content[0], v.VersionId)).ShouldBe([((byte)2, second), ((byte)1, first)]);
    }

    [Fact]
    public async Task A_deletion_leaves_a_marker_and_the_versions_below_it()
    {
        Emulator.S3.EnableVersioning("bucket");
        string version = await PutAsync("k", 1);

        S3Reply deleted = await DeleteAsync("k");
        string marker = deleted.Header("x-amz-version-id")!;

        (deleted.Status, deleted.Header("x-amz-delete-marker"), marker == version).ShouldBe((204, "true", false));
        S3Reply hidden = await Bare.GetAsync("bucket/k");
        (hidden.Status, hidden.Code, hidden.Header("x-amz-delete-marker"), hidden.Header("x-amz-version-id")).ShouldBe((404, "NoSuchKey", "true", marker));
        S3Reply named = await Bare.GetAsync($"bucket/k?versionId={marker}");
        (named.Status, named.Code, named.Text("ResourceType"), named.Header("Allow")).ShouldBe((405, "MethodNotAllowed", "DeleteMarker", "DELETE"));
        (await Bare.GetAsync($"bucket/k?versionId={version}")).Body.ShouldBe([1]);
        (await Bare.GetAsync("bucket?list-type=2")).Texts("Key").ShouldBeEmpty();
        Emulator.S3.Keys("bucket").ShouldBeEmpty();
        (await DeleteAsync("never-there")).Header("x-amz-delete-marker").ShouldBe("true");
    }

    [Fact]
    public async Task A_marker_that_is_deleted_brings_the_object_back_and_a_version_that_is_deleted_is_gone()
    {
        Emulator.S3.EnableVersioning("bucket");
        string version = await PutAsync("k", 1);
        string marker = (await DeleteAsync("k")).Header("x-amz-version-id")!;

        S3Reply back = await DeleteAsync("k", marker);
        (back.Status, back.Header("x-amz-delete-marker"), back.Header("x-amz-version-id")).ShouldBe((204, "true", marker));
        (await StoredAsync("k")).ShouldBe([1]);
        S3Reply gone = await DeleteAsync("k", version);
        (gone.Status, gone.Header("x-amz-delete-marker"), gone.Header("x-amz-version-id")).ShouldBe((204, null, version));

        S3Reply missing = await Bare.GetAsync($"bucket/k?versionId={version}");
        (missing.Status, missing.Code, missing.Text("VersionId"), missing.Header("x-amz-version-id")).ShouldBe((404, "NoSuchVersion", version, null));
        (await DeleteAsync("k", version)).Status.ShouldBe(204, "it is gone, which is what was asked for");
        (await Bare.GetAsync("bucket?versions")).Texts("VersionId").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD", "Invalid version id specified")]
    [InlineData("1", "Invalid version id specified")]
    [InlineData("", "Version id cannot be the empty string")]
    public async Task An_id_that_S3_never_gave_out_is_refused(string id, string message)
    {
        await Bare.PutAsync("bucket/k", [1]);

        foreach (S3Reply reply in new[] { await Bare.GetAsync($"bucket/k?versionId={id}"), await DeleteAsync("k", id), await Bare.GetAsync($"bucket/k?tagging&versionId={id}") })
        {
            (reply.Status, reply.Code, reply.Text("ArgumentName"), reply.Text("ArgumentValue"), reply.Message).ShouldBe((400, "InvalidArgument", "versionId", id, message));
        }

        (await StoredAsync("k")).ShouldBe([1]);
    }

    [Fact]
    public async Task What_was_there_before_versioning_is_the_null_version_and_stays()
    {
        await Bare.PutAsync("bucket/k", [1]);
        S3Reply unversioned = await Bare.GetAsync("bucket/k?versionId=null");
        (unversioned.Body[0], unversioned.Header("x-amz-version-id")).ShouldBe(((byte)1, null), "nobody speaks of versions yet");
        Emulator.S3.EnableVersioning("bucket");
        (await Bare.GetAsync("bucket/k")).Header("x-amz-version-id").ShouldBe("null");
        string version = await PutAsync("k", 2);

        (await Bare.GetAsync("bucket/k?versionId=null")).Body.ShouldBe([1]);
        (await Bare.GetAsync("bucket?versions")).Texts("VersionId").ShouldBe([version, "null"]);
    }

    [Fact]
    public async Task Suspended_versioning_replaces_the_null_version_only()
    {
        Emulator.S3.EnableVersioning("bucket");
        string version = await PutAsync("k", 1);
        await SetAsync("Suspended");
        S3Reply put = await Bare.PutAsync("bucket/k", [2]);
        put.Header("x-amz-version-id").ShouldBeNull("S3 says nothing of the null version that a write made");
        await Bare.PutAsync("bucket/k", [3]);

        S3Reply read = await Bare.GetAsync("bucket/k");
        (read.Body[0], read.Header("x-amz-version-id")).ShouldBe(((byte)3, "null"));
        (await Bare.GetAsync("bucket?versions")).Texts("VersionId").ShouldBe(["null", version]);
        S3Reply deleted = await DeleteAsync("k");
        (deleted.Header("x-amz-delete-marker"), deleted.Header("x-amz-version-id")).ShouldBe(("true", "null"));

        S3Reply versions = await Bare.GetAsync("bucket?versions");
        (versions.Texts("DeleteMarker").Length, versions.Texts("Version").Length).ShouldBe((1, 1), "the marker took the place of the null version");
        (await Bare.GetAsync($"bucket/k?versionId={version}")).Body.ShouldBe([1]);
    }

    [Fact]
    public async Task Conditions_look_at_the_newest_version_and_take_a_marker_for_nothing()
    {
        Emulator.S3.EnableVersioning("bucket");
        await PutAsync("k", 1);
        string etag = (await Bare.GetAsync("bucket/k")).ETag!;
        (await Bare.PutAsync("bucket/k", [2], ("If-None-Match", "*"))).Code.ShouldBe("PreconditionFailed");
        await DeleteAsync("k");

        (await Bare.PutAsync("bucket/k", [2], ("If-Match", etag))).Code.ShouldBe("NoSuchKey");
        (await Bare.PutAsync("bucket/k", [2], ("If-None-Match", "*"))).Status.ShouldBe(200);
        (await Bare.SendAsync(HttpMethod.Delete, "bucket/k", [], [("If-Match", etag)])).Code.ShouldBe("PreconditionFailed");
        (await StoredAsync("k")).ShouldBe([2]);
    }

    [Fact]
    public async Task A_version_can_be_copied_and_a_former_one_put_on_top()
    {
        Emulator.S3.EnableVersioning("bucket");
        string first = await PutAsync("k", 1);
        string second = await PutAsync("k", 2);

        S3Reply restored = await CopyAsync("k", $"bucket/k?versionId={first}");
        (restored.Status, restored.Header("x-amz-copy-source-version-id")).ShouldBe((200, first));
        string id = restored.Header("x-amz-version-id").ShouldNotBeNull();
        (id == first).ShouldBeFalse("a copy is a version of its own");
        (await StoredAsync("k")).ShouldBe([1]);
        (await CopyAsync("copy", "bucket/k?versionId=" + second)).Status.ShouldBe(200);
        (await StoredAsync("copy")).ShouldBe([2]);
        (await CopyAsync("k", "bucket/k")).Code.ShouldBe("InvalidRequest", "onto itself without a change");

        string marker = (await DeleteAsync("k")).Header("x-amz-version-id")!;
        (await CopyAsync("copy", "bucket/k")).Code.ShouldBe("NoSuchKey");
        S3Reply ofMarker = await CopyAsync("copy", "bucket/k?versionId=" + marker);
        (ofMarker.Status, ofMarker.Code).ShouldBe((400, "InvalidRequest"));
        (await CopyAsync("copy", "bucket/none?versionId=" + second)).Code.ShouldBe("NoSuchVersion");
        (await CopyAsync("copy", "bucket/k?versionId=1")).Code.ShouldBe("InvalidArgument");
        (await StoredAsync("copy")).ShouldBe([2]);
    }

    [Fact]
    public async Task A_part_can_be_copied_of_a_version()
    {
        Emulator.S3.EnableVersioning("bucket");
        string first = await PutAsync("source", 1);
        await PutAsync("source", 2);
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [])).Text("UploadId")!;

        S3Reply part = await CopyAsync($"k?partNumber=1&uploadId={id}", $"bucket/source?versionId={first}");
        S3Reply done = await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", StoredFeatureTests.Completion((1, part.Text("ETag")!)), []);

        part.Header("x-amz-copy-source-version-id").ShouldBe(first);
        done.Header("x-amz-version-id").ShouldNotBeNull();
        (await StoredAsync("k")).ShouldBe([1]);
    }

    [Fact]
    public async Task Tags_are_those_of_a_version()
    {
        Emulator.S3.EnableVersioning("bucket");
        string first = (await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging", "of=first"))).Header("x-amz-version-id")!;
        string second = await PutAsync("k", 2);
        byte[] tags = "<Tagging><TagSet><Tag><Key>of</Key><Value>second</Value></Tag></TagSet></Tagging>"u8.ToArray();

        (await Bare.PutAsync("bucket/k?tagging", tags)).Header("x-amz-version-id").ShouldBe(second);
        (await Bare.GetAsync("bucket/k?tagging")).Text("Value").ShouldBe("second");
        S3Reply old = await Bare.GetAsync($"bucket/k?tagging&versionId={first}");
        (old.Text("Value"), old.Header("x-amz-version-id")).ShouldBe(("first", first));
        (await Bare.SendAsync(HttpMethod.Delete, $"bucket/k?tagging&versionId={first}", [], [])).Header("x-amz-version-id").ShouldBe(first);
        (await Bare.GetAsync($"bucket/k?tagging&versionId={first}")).Text("Tag").ShouldBeNull();

        string marker = (await DeleteAsync("k")).Header("x-amz-version-id")!;
        foreach (string query in new[] { "?tagging", $"?tagging&versionId={marker}" })
        {
            foreach (S3Reply reply in new[] { await Bare.GetAsync("bucket/k" + query), await Bare.PutAsync("bucket/k" + query, tags), await Bare.SendAsync(HttpMethod.Delete, "bucket/k" + query, [], []) })
            {
                (reply.Status, reply.Code).ShouldBe((405, "MethodNotAllowed"));
            }
        }
    }

    [Fact]
    public async Task Many_versions_are_deleted_in_one_request_each_for_itself()
    {
        Emulator.S3.EnableVersioning("bucket");
        string version = await PutAsync("k", 1);

        S3Reply marked = await Bare.DeleteManyAsync("bucket", "<Delete><Object><Key>k</Key></Object><Object><Key>wrong</Key></Object></Delete>");
        (marked.Texts("DeleteMarker").Length, marked.Texts("VersionId").Length).ShouldBe((2, 0));
        string marker = marked.Text("DeleteMarkerVersionId")!;
        S3Reply deleted = await Bare.DeleteManyAsync(
            "bucket",
            $"<Delete><Object><Key>k</Key><VersionId>{marker}</VersionId></Object><Object><Key>k</Key><VersionId>HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD</VersionId></Object><Object><Key>k</Key><VersionId>{version}</VersionId></Object></Delete>");

        deleted.Texts("Deleted").Length.ShouldBe(2);
        (deleted.Text("DeleteMarkerVersionId"), deleted.Texts("VersionId")[0]).ShouldBe((marker, marker));
        deleted.Xml!.Elements().Single(e => e.Name.LocalName == "Error").Elements().Single(e => e.Name.LocalName == "Code").Value.ShouldBe("NoSuchVersion");
        (await Bare.GetAsync("bucket?versions&prefix=k")).Texts("VersionId").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bucket_with_versions_or_markers_is_not_deleted()
    {
        Emulator.S3.EnableVersioning("bucket");
        string version = await PutAsync("k", 1);
        string marker = (await DeleteAsync("k")).Header("x-amz-version-id")!;

        S3Reply refused = await Bare.SendAsync(HttpMethod.Delete, "bucket", [], []);
        (refused.Status, refused.Code).ShouldBe((409, "BucketNotEmpty"));
        refused.Message.ShouldBe("The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
        await DeleteAsync("k", version);
        (await Bare.SendAsync(HttpMethod.Delete, "bucket", [], [])).Code.ShouldBe("BucketNotEmpty");
        await DeleteAsync("k", marker);
        (await Bare.SendAsync(HttpMethod.Delete, "bucket", [], [])).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Attributes_and_access_control_lists_are_those_of_a_version()
    {
        Emulator.S3.EnableVersioning("bucket");
        string first = await PutAsync("k", 1);
        await Bare.PutAsync("bucket/k", [1, 2]);

        S3Reply attributes = await Bare.GetAsync($"bucket/k?attributes&versionId={first}", ("x-amz-object-attributes", "ObjectSize"));
        (attributes.Text("ObjectSize"), attributes.Header("x-amz-version-id")).ShouldBe(("1", first));
        (await Bare.GetAsync($"bucket/k?acl&versionId={first}")).Text("Permission").ShouldBe("FULL_CONTROL");
        await DeleteAsync("k");
        (await Bare.GetAsync("bucket/k?acl")).Code.ShouldBe("NoSuchKey");
        (await Bare.GetAsync("bucket/k?attributes", ("x-amz-object-attributes", "ETag"))).Code.ShouldBe("NoSuchKey");
    }

    private async Task<string> PutAsync(string key, byte content) =>
        (await Bare.PutAsync("bucket/" + key, [content])).Header("x-amz-version-id").ShouldNotBeNull();

    private Task<S3Reply> DeleteAsync(string key, string? versionId = null) =>
        Bare.SendAsync(HttpMethod.Delete, $"bucket/{key}{(versionId is null ? "" : "?versionId=" + versionId)}", [], []);

    private Task<S3Reply> CopyAsync(string target, string source) => Bare.PutAsync("bucket/" + target, [], ("x-amz-copy-source", source));

    private async Task SetAsync(string status) =>
        (await Bare.PutAsync("bucket?versioning", System.Text.Encoding.UTF8.GetBytes($"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>")))
            .Status.ShouldBe(200);
}
