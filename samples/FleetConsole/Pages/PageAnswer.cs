using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>Reads what a page shows and renders it.</summary>
internal sealed class PageAnswer(IConsoleStore store, PageFrame frame, QuarantineDesk desk, TimeProvider timeProvider)
{
    /// <typeparam name="TPage">The component; it has the parameters <c>Page</c> and <c>Model</c>.</typeparam>
    /// <typeparam name="TModel">What it shows.</typeparam>
    public async Task<IResult> ShowAsync<TPage, TModel>(HttpContext context, string section, Func<DateTimeOffset, CancellationToken, Task<TModel?>> read)
        where TPage : IComponent
        where TModel : PageModel
    {
        ReadMeter meter = ReadMeter.Begin();
        long begin = timeProvider.GetTimestamp();
        PageContext page = frame.Of(context, section);
        TModel? model;
        try
        {
            model = await read(page.Now, context.RequestAborted);
        }
        catch (ViewException e)
        {
            return new ProblemResult(StatusCodes.Status400BadRequest, "This view cannot be", e.Message);
        }

        if (model is null)
        {
            return new ProblemResult(StatusCodes.Status404NotFound, "There is nothing here", "The address names something that the store does not have, or has no longer.");
        }

        StoreStatus status = await store.ReadStatusAsync(context.RequestAborted);
        page = page with
        {
            Status = status,
            StoppedQuarantines = desk.Stopped,
            IsLive = model.IsLive,
            Permalink = model.Permalink,
            Rows = meter.Rows,
            Took = timeProvider.GetElapsedTime(begin),
        };
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Page"] = page, ["Model"] = model });
    }
}
