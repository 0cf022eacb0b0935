using IotOps.TestKit;

namespace IotOps.Detect.Tests.Storing;

/// <summary>The contract on SQLite, and what only a file can do.</summary>
public sealed class SqliteDetectStoreTests : DetectStoreContract, IDisposable
{
    private readonly TempDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "state", "detect.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override async Task<IDetectStore> OpenAsync() => await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = File }, Token);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_committed_is_there_after_the_file_is_opened_again()
    {
        await using (IDetectStore store = await OpenAsync())
        {
            await store.CommitAsync([new DetectChange("pump-1", 0, new byte[] { 1, 2 }, null, [])], Token);
        }

        await using IDetectStore again = await OpenAsync();
        (await again.ReadAsync(["pump-1"], Token)).Single().State.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Two_stores_on_one_file_keep_to_the_versions()
    {
        await using IDetectStore first = await OpenAsync(), second = await OpenAsync();
        await first.CommitAsync([new DetectChange("pump-1", 0, new byte[] { 1 }, null, [])], Token);
        (await second.CommitAsync([new DetectChange("pump-1", 0, new byte[] { 2 }, null, [])], Token)).ShouldBe(["pump-1"]);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_file()
    {
        await using IDetectStore store = await OpenAsync();
        UnixModes.Get(File).ShouldBe("600");
    }

    [Theory]
    [InlineData("this is a text and no database, long enough to be read as a page of one")]
    [InlineData("SQLite format 3\0 and then something else, which no database has at this place")]
    public async Task A_file_of_something_else_is_refused_and_left_as_it_is(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, content, Token);
        (await Should.ThrowAsync<InvalidDataException>(OpenAsync)).Message.ShouldContain(File);
        (await System.IO.File.ReadAllTextAsync(File, Token)).ShouldBe(content);
    }

    [Fact]
    public async Task The_inboxs_file_is_refused_as_a_store()
    {
        await using (await SqliteDetectInbox.OpenAsync(new SqliteDetectInboxOptions { Path = File }, Token))
        {
        }

        (await Should.ThrowAsync<InvalidDataException>(OpenAsync)).Message.ShouldContain("another program");
    }

    [Fact]
    public async Task A_path_that_is_a_folder_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(File);
        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain(File);
    }
}
