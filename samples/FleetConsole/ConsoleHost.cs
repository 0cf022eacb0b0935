using IotOps.Samples.FleetConsole.Pages;

namespace IotOps.Samples.FleetConsole;

/// <summary>Puts the web application together.</summary>
internal static class ConsoleHost
{
    public static WebApplication Build(ConsoleSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

        // The command line and the configuration file are complete; ASPNETCORE_URLS from somewhere must not count.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls(settings.Listen.ToString());
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery();

        WebApplication app = builder.Build();
        app.UseAntiforgery();
        app.MapRazorComponents<Document>();
        return app;
    }
}
