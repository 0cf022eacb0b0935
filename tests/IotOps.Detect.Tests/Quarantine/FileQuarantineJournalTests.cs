using IotOps.TestKit;

namespace IotOps.Detect.Tests.Quarantine;

/// <summary>The contract in a directory, and what only a file can do.</summary>
public sealed class FileQuarantineJournalTests : QuarantineJournalContract, IDisposable
{
    private readonly TempDirectory _directory = new();

    private string File => _directory["state/quarantine"];

    protected override Task<IQuarantineJournal> OpenAsync() => Task.FromResult<IQuarantineJournal>(new FileQuarantineJournal(_directory["state"]));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Entries_are_there_after_the_journal_is_opened_again()
    {
        await WriteThreeAsync();

        await using IQuarantineJournal again = await OpenAsync();
        (await again.ReadAsync("v-1", Token)).Select(entry => entry.Kind).ShouldBe([QuarantineEntryKind.Started, QuarantineEntryKind.StepBegun, QuarantineEntryKind.StepDone]);
        (await again.StartAsync(Start("v-2", Now), Now.AddHours(-1), 1, Token)).ShouldBe(QuarantineStart.LimitReached);
    }

    [Fact]
    public async Task An_entry_that_a_crash_cut_off_is_dropped()
    {
        await WriteThreeAsync();
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..^3], Token);

        await using (IQuarantineJournal again = await OpenAsync())
        {
            (await again.ReadAsync("v-1", Token)).Count.ShouldBe(2);
            (await again.AppendAsync(new QuarantineEntry("v-1", 3, Now, QuarantineEntryKind.StepDone) { Step = 1 }, Token)).ShouldBeTrue();
        }

        await using IQuarantineJournal last = await OpenAsync();
        (await last.ReadAsync("v-1", Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_damaged_journal_is_not_opened_and_stays_as_it_is()
    {
        await WriteThreeAsync();
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        bytes[60] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes, Token);

        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("is damaged from byte 24 on");
        (await System.IO.File.ReadAllBytesAsync(File, Token)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_second_process_is_refused()
    {
        await using IQuarantineJournal first = await OpenAsync();

        (await Should.ThrowAsync<IOException>(OpenAsync)).Message.ShouldContain("another quarantine journal uses it");
    }

    private async Task WriteThreeAsync()
    {
        await using IQuarantineJournal journal = await OpenAsync();
        await journal.StartAsync(Start("v-1", Now), Now.AddHours(-1), 10, Token);
        await journal.AppendAsync(new QuarantineEntry("v-1", 2, Now, QuarantineEntryKind.StepBegun) { Step = 1 }, Token);
        await journal.AppendAsync(new QuarantineEntry("v-1", 3, Now, QuarantineEntryKind.StepDone) { Step = 1 }, Token);
    }
}
