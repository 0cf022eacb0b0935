using IotOps.Aws;
using IotOps.Emulator;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>An object that S3 keeps shut for good, while it gives the others.</summary>
public sealed class RefusedObjectTests : IAsyncLifetime
{
    private const string Folder = "commands/THING00001/2023/10/01/";
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync()
    {
        _logs = await LogBucket.StartAsync();
        await _logs.PutAsync(Folder + "a", "first\n");
        await _logs.PutAsync(Folder + "b", "shut\n");
        await _logs.PutAsync(Folder + "c", "last\n");
    }

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData(400, "KMS.DisabledException", "The key is disabled.", "kept shut by KMS: KMS.DisabledException", "a", true)]
    [InlineData(400, "KMS.DisabledException", "The key is disabled.", "kept shut by KMS: KMS.DisabledException", "b", false)]
    [InlineData(400, "KMS.NotFoundException", "No key.", "kept shut by KMS: KMS.NotFoundException", "b", true)]
    [InlineData(400, "InvalidRequest", "The object was stored using a form of Server Side Encryption. The correct parameters must be provided.", "encrypted with a key of the customer's", "b", true)]
    [InlineData(403, "AccessDenied", "Access Denied", "access denied", "b", true)]
    [InlineData(403, "AccessDenied", "Access Denied", "access denied", "a", true)]
    [InlineData(403, "AccessDenied", "Access Denied", "access denied", "c", false)]
    public async Task It_is_skipped_and_named(int status, string code, string message, string reason, string name, bool hasReader)
    {
        using FaultHandle shut = Refuse(status, code, message, name);

        LogExportResult result = await _logs.ExportAsync(
            LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip, ParallelRequests = 1, Reader = hasReader ? o.Reader : null });

        result.Skipped.ShouldBe([new SkippedLogObject(Folder + name, reason)]);
        result.Objects.ShouldBe(2);
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldNotContain(name == "a" ? "first" : name == "b" ? "shut" : "last");
        shut.Hits.ShouldBe(1, "a refusal for good is not asked about again");
    }

    [Fact]
    public async Task A_role_that_may_read_nothing_fails_the_export()
    {
        using FaultHandle shut = Refuse(403, "AccessDenied", "Access Denied", "");

        AwsException failure = await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip }));

        failure.Code.ShouldBe("AccessDenied");
        failure.Message.ShouldContain(Folder + "a");
        _logs.Emulator.S3.Keys(LogBucket.Name).Count.ShouldBe(3);
    }

    [Fact]
    public async Task One_refusal_fails_the_export_where_nothing_is_to_be_skipped()
    {
        using FaultHandle shut = Refuse(400, "KMS.DisabledException", "The key is disabled.", "b");

        (await Should.ThrowAsync<AwsException>(() => _logs.ExportAsync(LogBucket.Request("command")))).Message.ShouldContain(Folder + "b");
    }

    private FaultHandle Refuse(int status, string code, string message, string name) => _logs.Emulator.Faults.Add(new Fault
    {
        Operation = "GetObject",
        When = r => r.Key!.StartsWith(Folder, StringComparison.Ordinal) && r.Key.EndsWith(name, StringComparison.Ordinal),
        Status = status,
        Code = code,
        Message = message,
    });
}
