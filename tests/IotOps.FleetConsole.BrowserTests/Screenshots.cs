using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

/// <summary>Pictures of the pages: into docs/images with UPDATE_SCREENSHOTS=1, beside the test's results otherwise.</summary>
internal static class Screenshots
{
    public static void Save(Browser browser, string name)
    {
        string directory = Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1"
            ? Path.Combine(Repository(), "docs", "images")
            : Path.Combine(AppContext.BaseDirectory, "screenshots");
        Directory.CreateDirectory(directory);
        ((ITakesScreenshot)browser.Driver).GetScreenshot().SaveAsFile(Path.Combine(directory, name + ".png"));
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotOps.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run in the repository.");
    }
}
