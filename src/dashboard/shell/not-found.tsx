import { Link } from '../parts/link.js';
import { PlaceTitle } from '../parts/place-title.js';

export function NotFound() {
  return (
    <section class="page narrow">
      <PlaceTitle title="There is nothing here" />
      <p class="lead">The address may be mistyped, or what stood here has expired and is deleted.</p>
      <p>
        <Link to="/" class="button">
          Go to Home
        </Link>
      </p>
    </section>
  );
}
