using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

/// <summary>axe-core of npm, by which a page is held against WCAG 2.2 A and AA.</summary>
internal static class Axe
{
    private static readonly Lazy<string?> Script = new(static () => Places().FirstOrDefault(File.Exists) is { } file ? File.ReadAllText(file) : null);

    /// <summary>What the page breaks, a line each, with every <c>details</c> open.</summary>
    public static IReadOnlyList<string> Violations(Browser browser)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Script.Value.ShouldNotBeNull("CI has axe-core from npm");
        }

        Assert.SkipUnless(Script.Value is not null, "axe-core is not installed; './test.sh peers browser' installs it by npm");
        browser.Run<object>("document.querySelectorAll('details').forEach(d => d.open = true)");
        browser.Run<object>(Script.Value!);
        browser.Driver.Manage().Timeouts().AsynchronousJavaScript = TimeSpan.FromMinutes(1);
        var found = (IReadOnlyCollection<object>)((IJavaScriptExecutor)browser.Driver).ExecuteAsyncScript("""
            const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], rules: { 'target-size': { enabled: true } } })
              .then(r => done(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary.replaceAll('\n', ' ')))), e => done([String(e)]));
            """)!;
        return [.. found.Select(one => one.ToString()!)];
    }

    private static IEnumerable<string> Places()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("NODE_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.Combine(folder, "axe-core", "axe.min.js");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "artifacts", "peers", "node", "node_modules", "axe-core", "axe.min.js");
        }
    }
}
